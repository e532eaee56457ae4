/** Example: `ConfigService`, for reading and following the configuration without a decorator. */
import { afterEach, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { ConfigService } from '../config/config-service.js';
import { startExample, stopExamples } from './example.fake.js';

@Injectable()
class Banner {
  constructor(private readonly config: ConfigService) {}

  text(): string {
    return `${this.config.get('banner.text', 'Welcome')} (${this.config.getOrThrow<string>('currency')})`;
  }

  /** An Observable: now, and after each change. */
  loudTexts(): Observable<string | undefined> {
    return this.config.observe<string>('banner.text').pipe(map((text) => text?.toUpperCase()));
  }

  /** The same without rxjs. */
  async waitFor(wanted: string): Promise<number> {
    for await (const text of this.config.observe<string>('banner.text')) {
      if (text === wanted) break;
    }
    return this.config.release;
  }
}

afterEach(stopExamples);

it('reads and follows the configuration', async () => {
  const { app, release } = await startExample({ values: { currency: 'EUR' }, providers: [Banner] });
  const banner = app.get(Banner);
  expect(banner.text()).toBe('Welcome (EUR)');

  const seen: unknown[] = [];
  banner.loudTexts().subscribe((text) => seen.push(text));
  const found = banner.waitFor('Sale!');
  await release({ currency: 'EUR', banner: { text: 'Sale!' } });
  expect(banner.text()).toBe('Sale! (EUR)');
  expect(seen).toEqual([undefined, 'SALE!']);
  expect(await found).toBe(2);
});

it('goes on with the last release while the ensemble is away, and says so', async () => {
  const { app, client, ensemble } = await startExample({ values: { currency: 'EUR' }, providers: [Banner] });
  const config = app.get(ConfigService);
  expect(config.isStale).toBe(false);
  ensemble.cut(client);
  await ensemble.settle();
  expect([config.isStale, app.get(Banner).text()]).toEqual([true, 'Welcome (EUR)']);
  ensemble.heal(client);
  await ensemble.pass(10_000);
  expect(config.isStale).toBe(false);
});
