import { describe, expect, it } from '@jest/globals';
import { LeaseNotFoundError } from '../errors.js';
import { type Actor, RegistryStage } from '../registry-stage.fake.js';
import { Storm, STORM_SEEDS } from '../storm.fake.js';
import { LeaseKeeper } from './lease-keeper.js';

const TTL_MS = 30_000;
const LEASES_MAX = 6;

interface Platform extends Actor {
  readonly leases: LeaseKeeper;
}

/** Those who hold leases: they renew them at every platform, and note when one tells them that a lease is gone. */
class Holders {
  readonly granted = new Map<string, string>();
  readonly lost: string[] = [];

  grant({ leases }: Platform): void {
    const id = `instance-${this.granted.size}`;
    leases.grant({ service: 'web', id, address: '10.0.0.1', port: 80 }, TTL_MS).then(
      ({ leaseId }) => this.granted.set(id, leaseId),
      () => undefined,
    );
  }

  renew(platforms: readonly Platform[]): void {
    for (const [id, leaseId] of this.granted) {
      for (const { leases } of platforms) {
        leases.renew(leaseId).catch((error: unknown) => {
          if (error instanceof LeaseNotFoundError) this.lost.push(id);
        });
      }
    }
  }
}

async function platformOn(stage: RegistryStage): Promise<Platform> {
  const actor = await stage.actor();
  const leases = new LeaseKeeper(actor.client, actor.registry, { timers: stage.ensemble.timers });
  await stage.result(leases.start());
  return { ...actor, leases };
}

/** One thing that happens. */
async function step(storm: Storm, platforms: readonly Platform[], holders: Holders, operator: Actor): Promise<void> {
  const platform = storm.oneOf(platforms);
  switch (storm.below(4)) {
    case 0:
      if (holders.granted.size < LEASES_MAX) holders.grant(platform);
      await storm.breakMidway(platform.client);
      break;
    case 1:
      operator.client.delete(`/services/web/instance-${storm.below(LEASES_MAX)}`).catch(() => undefined);
      break;
    default:
      await storm.trouble(platform.client);
  }
  await storm.pass(1500);
  holders.renew(platforms);
}

describe.each(STORM_SEEDS)('leases in a storm (seed %i)', (seed) => {
  it('stay, with their instances, as long as they are renewed, and all go when they are not', async () => {
    const stage = new RegistryStage();
    const storm = new Storm(stage, seed);
    const platforms = [await platformOn(stage), await platformOn(stage), await platformOn(stage)];
    const operator = await stage.actor();
    const holders = new Holders();
    for (let steps = 0; steps < 60; steps += 1) await step(storm, platforms, holders, operator);
    await storm.end(platforms.map(({ client }) => client));

    holders.renew(platforms);
    await stage.ensemble.pass(TTL_MS / 2);
    expect(holders.lost).toEqual([]);
    const namesBelow = (path: string): Promise<string[]> =>
      stage.result(operator.client.children(path).catch(() => []));
    expect(await namesBelow('/services/web')).toEqual(expect.arrayContaining([...holders.granted.keys()]));
    await stage.ensemble.pass(2 * TTL_MS);
    expect([await namesBelow('/services/web'), await namesBelow('/corral/registry/leases')]).toEqual([[], []]);
  });
});
