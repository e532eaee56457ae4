/** Example: an application starts while the ensemble is away, with the local copy of its configuration, and says so. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { TestEnsemble } from '@corral/client/testing';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { IsInt } from 'class-validator';
import { ConfigService } from '../config/config-service.js';
import { ConfigClass } from '../config/typed-config.js';
import { CorralModule } from '../corral.module.js';
import { startExample, stopExamples } from './example.fake.js';

@ConfigClass('discount')
class DiscountConfig {
  @IsInt() readonly percent!: number;
}

const imports = [CorralModule.forFeature([DiscountConfig])];
let directory: string;
let localCopy: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'corral-example-'));
  localCopy = join(directory, 'pricing-config');
});

afterEach(async () => {
  await stopExamples();
  await rm(directory, { recursive: true });
});

it('starts with the local copy, and follows the ensemble when that is back', async () => {
  await startExample({ imports, localCopy, values: { discount: { percent: 7 } } });
  await saved(localCopy);

  const { app, client, ensemble } = await startExample({
    imports,
    localCopy,
    values: { discount: { percent: 9 } },
    isAway: true,
  });
  const config = app.get(ConfigService);
  expect([app.get(DiscountConfig).percent, config.isStale, config.snapshot.source]).toEqual([7, true, 'local-copy']);

  ensemble.heal(client);
  const fresh = (async () => {
    for await (const percent of config.observe('discount.percent')) if (percent === 9) return;
  })();
  await ensemble.pass(10_000);
  await fresh;
  expect([app.get(DiscountConfig).percent, config.isStale]).toEqual([9, false]);
});

/** The copy is written behind: nobody waits for a disk. */
async function saved(file: string): Promise<void> {
  while (!existsSync(file)) await turn();
}

it('does not start with neither', async () => {
  const ensemble = new TestEnsemble();
  const started = startExample({ imports, localCopy, ensemble, isAway: true });
  let isOver = false;
  void started.catch(() => (isOver = true));
  while (!isOver) await ensemble.pass(1000);
  await expect(started).rejects.toThrow(
    'no configuration within 30000 ms, and no local copy of one: the connection is connecting',
  );
});
