import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '@corral/client';
import { ConfigStage, SCOPE } from '../config-stage.fake.js';
import { ConflictError, NotFoundError, RolloutActiveError } from '../errors.js';
import type { ConfigStore } from '../store/config-store.js';
import type { ConfigSubscription } from '../subscription/config-subscription.js';
import { type Gate, RolloutController } from './controller.js';
import type { RolloutSpec } from './spec.js';
import type { GateVerdict } from './state.js';

let stage: ConfigStage;
let client: Client;
let store: ConfigStore;
let verdict: GateVerdict;
let canary: ConfigSubscription;
let other: ConfigSubscription;

const rollout: RolloutSpec = {
  stages: [
    { name: 'canary', select: { labels: { tier: 'canary' } }, soakMs: 10_000, gate: 'healthy' },
    { name: 'all', select: { percent: 100 }, soakMs: 5000 },
  ],
};
const gates: Record<string, Gate> = { healthy: () => Promise.resolve(verdict) };
const controller = (on: Client, more = {}): RolloutController =>
  new RolloutController(on, stage.store(on), { gates, clock: stage.clock, ...more });
const seen = (): unknown[] => [canary.get('a'), other.get('a')];

beforeEach(async () => {
  verdict = 'pass';
  stage = new ConfigStage();
  client = await stage.client();
  store = stage.store(client);
  await stage.publish(store, 'a: 1\n');
  canary = stage.subscribe(await stage.client(), { instanceId: 'canary', labels: { tier: 'canary' } });
  other = stage.subscribe(await stage.client(), { instanceId: 'other' });
  await stage.pass(1000);
});

describe('a gradual release', () => {
  it('reaches stage after stage, each after its soak time, and then is the release of all', async () => {
    const platform = controller(client);
    platform.start();
    await stage.publish(store, 'a: 2\n', { rollout });
    await stage.pass(8000);
    expect(seen()).toEqual([2, 1]);
    expect([canary.current.isCandidate, other.current.isCandidate]).toEqual([true, false]);
    expect(await stage.run(store.status(SCOPE))).toMatchObject({
      release: 1,
      lastRelease: 2,
      rollout: { stage: 0, status: 'soaking' },
    });
    await stage.pass(4000);
    expect(seen()).toEqual([2, 2]);
    expect(await stage.run(store.rollouts())).toMatchObject([{ scope: SCOPE, rollout: { stage: 1 } }]);
    await stage.pass(6000);
    const status = await stage.run(store.status(SCOPE));
    expect(status).toMatchObject({ release: 2, lastRollout: { release: 2, outcome: 'completed' } });
    expect(status.rollout).toBeUndefined();
    expect(await stage.run(store.rollouts())).toEqual([]);
    await stage.run(platform.stop());
  });

  it('is rolled back by itself when its gate fails', async () => {
    controller(client).start();
    await stage.publish(store, 'a: 2\n', { rollout });
    await stage.pass(3000);
    expect(seen()).toEqual([2, 1]);
    verdict = 'fail';
    await stage.pass(2000);
    expect(seen()).toEqual([1, 1]);
    expect(await stage.run(store.status(SCOPE))).toMatchObject({
      release: 1,
      lastRelease: 2,
      lastRollout: { release: 2, outcome: 'rolled-back', reason: 'gate healthy failed in stage 1 of 2' },
    });
    await stage.publish(store, 'a: 3\n');
    await stage.pass(1000);
    expect(seen()).toEqual([3, 3]);
    expect((await stage.run(store.history(SCOPE))).map(({ release, parent }) => [release, parent])).toEqual([
      [3, 1],
      [2, 1],
      [1, 0],
    ]);
  });

  it('goes no stage too far when somebody promotes twice and says which stage he means', async () => {
    await stage.publish(store, 'a: 2\n', { rollout });
    await stage.run(store.promote(SCOPE, { release: 2, stage: 0 }));
    const again = stage.run(store.promote(SCOPE, { release: 2, stage: 0 }));
    await expect(again).rejects.toThrow('the gradual release of 2 is in its stage 1, counted from 0');
    await expect(again).rejects.toBeInstanceOf(ConflictError);
    await expect(stage.run(store.promote(SCOPE, { release: 1 }))).rejects.toThrow(ConflictError);
    expect(await stage.run(store.status(SCOPE))).toMatchObject({ rollout: { release: 2, stage: 1 } });
  });

  it('is promoted and given up by hand', async () => {
    await stage.publish(store, 'a: 2\n', { rollout });
    expect(await stage.run(store.promote(SCOPE))).toMatchObject({ rollout: { stage: 1 } });
    await stage.pass(1000);
    expect(seen()).toEqual([2, 2]);
    expect(await stage.run(store.abort(SCOPE, 'not today'))).toMatchObject({
      lastRollout: { outcome: 'aborted', reason: 'not today' },
    });
    await stage.pass(1000);
    expect(seen()).toEqual([1, 1]);
    await expect(stage.run(store.promote(SCOPE))).rejects.toThrow(NotFoundError);
  });

  it('stands in the way of the next release until it has ended', async () => {
    await stage.publish(store, 'a: 2\n', { rollout });
    await expect(stage.publish(store, 'a: 3\n')).rejects.toThrow(RolloutActiveError);
    await expect(stage.run(store.rollback(SCOPE, 0))).rejects.toThrow(
      'release 2 is being rolled out: promote or abort it first',
    );
  });

  it('is waited for only by those whom it has reached', async () => {
    const publish = store.publish(
      { scope: SCOPE, changes: [{ name: 'main', format: 'yaml', content: 'a: 2\n' }], rollout },
      { wait: { share: 1, timeoutMs: 5000 } },
    );
    expect((await stage.runFor(1000, publish)).acknowledgement).toMatchObject({
      subscribers: 1,
      acknowledged: 1,
      reached: true,
    });
  });
});

describe('platforms', () => {
  it('let one of them act, and another goes on where a dead one stopped', async () => {
    const [one, two] = await Promise.all([stage.client(), stage.client()]);
    const first = controller(one);
    const second = controller(two);
    first.start();
    await stage.pass(100);
    second.start();
    await stage.publish(store, 'a: 2\n', { rollout });
    await stage.pass(5000);
    expect([first.isActive, second.isActive]).toEqual([true, false]);
    // Cut off for good: its session expires, and with it its claim.
    stage.ensemble.cut(one);
    await stage.pass(20_000);
    expect(second.isActive).toBe(true);
    expect(await stage.run(store.status(SCOPE))).toMatchObject({ release: 2, lastRollout: { outcome: 'completed' } });
  });

  it('that were held up change nothing that has moved on', async () => {
    let answer: (verdict: GateVerdict) => void = () => undefined;
    const slow: Gate = () => new Promise((resolve) => (answer = resolve));
    controller(client, { gates: { healthy: slow }, intervalMs: 100 }).start();
    await stage.publish(store, 'a: 2\n', { rollout });
    await stage.pass(1000);
    // It is asking; meanwhile a hand promotes.
    await stage.run(store.promote(SCOPE));
    answer('fail');
    await stage.pass(200);
    expect(await stage.run(store.status(SCOPE))).toMatchObject({ rollout: { release: 2, stage: 1 } });
  });

  it('take a gate that throws, or that nobody has, for undecided', async () => {
    const warnings: string[] = [];
    const broken: Gate = () => Promise.reject(new Error('no metrics'));
    controller(client, {
      gates: { healthy: broken },
      logger: (_level: string, message: string) => void warnings.push(message),
    }).start();
    await stage.publish(store, 'a: 2\n', { rollout });
    await stage.pass(60_000);
    expect(await stage.run(store.status(SCOPE))).toMatchObject({ rollout: { stage: 0 } });
    expect(warnings).toContain('a gate could not decide');
    await stage.pass(600_000);
    expect(await stage.run(store.status(SCOPE))).toMatchObject({ lastRollout: { outcome: 'rolled-back' } });
  });
});
