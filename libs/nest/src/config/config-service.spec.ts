import { describe, expect, it } from '@jest/globals';
import { take, toArray } from 'rxjs';
import { ConfigService } from './config-service.js';
import { FakeConfigSource } from './config-source.fake.js';
import { TypedConfigs } from './typed-configs.js';

const begin = async () => {
  const source = await FakeConfigSource.begin({ pricing: { discountPercent: 5 }, currency: 'EUR' });
  return { source, config: new ConfigService(source, new TypedConfigs([])) };
};

describe('ConfigService', () => {
  it('reads the present release', async () => {
    const { source, config } = await begin();
    expect([config.get('pricing.discountPercent'), config.release]).toEqual([5, 1]);
    await source.publish({ pricing: { discountPercent: 7 } });
    expect([config.get('pricing.discountPercent'), config.release]).toEqual([7, 2]);
  });

  it('gives the default only where there is no value', async () => {
    const { source, config } = await begin();
    expect(config.get('pricing.roundTo', 10)).toBe(10);
    await source.publish({ pricing: { roundTo: 0 }, closed: false });
    expect([config.get('pricing.roundTo', 10), config.get('closed', true)]).toEqual([0, false]);
  });

  it('names the path and the release of a value that is missing', async () => {
    const { config } = await begin();
    expect(() => config.getOrThrow('pricing.roundTo')).toThrow(
      'the configuration has no value at pricing.roundTo (release 1)',
    );
  });

  it('says when it may be behind', async () => {
    const { source, config } = await begin();
    expect(config.isStale).toBe(false);
    source.isStale = true;
    expect(config.isStale).toBe(true);
  });

  it('cannot be read where the application has no configuration, and says how to get one', () => {
    const config = new ConfigService(undefined, new TypedConfigs([]));
    expect(config.isUsed).toBe(false);
    expect(() => config.get('currency')).toThrow(/CorralModule\.forRoot\(\{ config: \{ namespace, application \} \}\)/);
  });
});

describe('an observed path', () => {
  it('begins with the present value and goes on with those that differ', async () => {
    const { source, config } = await begin();
    const seen: unknown[] = [];
    const subscription = config.observe('pricing').subscribe((value) => seen.push(value));
    await source.publish({ pricing: { discountPercent: 5 }, currency: 'USD' });
    await source.publish({ pricing: { discountPercent: 7 }, currency: 'USD' });
    await source.publish({});
    subscription.unsubscribe();
    await source.publish({ pricing: { discountPercent: 9 } });
    expect(seen).toEqual([{ discountPercent: 5 }, { discountPercent: 7 }, undefined]);
  });

  it('takes the operators of rxjs', async () => {
    const { source, config } = await begin();
    const two = new Promise((resolve) => {
      config.observe('currency').pipe(take(2), toArray()).subscribe(resolve);
    });
    await source.publish({ currency: 'USD' });
    expect(await two).toEqual(['EUR', 'USD']);
  });

  it('is an async iterable, in which a slow reader skips to the newest', async () => {
    const { source, config } = await begin();
    const seen: unknown[] = [];
    for await (const currency of config.observe('currency')) {
      seen.push(currency);
      if (currency === 'GBP') break;
      await source.publish({ currency: 'USD' });
      await source.publish({ currency: 'GBP' });
    }
    expect(seen).toEqual(['EUR', 'GBP']);
  });

  it('ends when its signal aborts', async () => {
    const { config } = await begin();
    const stop = new AbortController();
    const seen: unknown[] = [];
    for await (const currency of config.observe('currency', { signal: stop.signal })) {
      seen.push(currency);
      stop.abort();
    }
    expect(seen).toEqual(['EUR']);
    const late: unknown[] = [];
    for await (const currency of config.observe('currency', { signal: stop.signal })) late.push(currency);
    expect(late).toEqual([]);
  });

  it('ends when the service closes', async () => {
    const { config } = await begin();
    const seen: unknown[] = [];
    for await (const currency of config.observe('currency')) {
      seen.push(currency);
      await config.close();
    }
    expect(seen).toEqual(['EUR']);
  });
});
