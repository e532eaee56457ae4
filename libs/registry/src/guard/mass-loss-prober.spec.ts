import { describe, expect, it } from '@jest/globals';
import { type Actor, RegistryStage } from '../registry-stage.fake.js';
import { MassLossProber } from './mass-loss-prober.js';

/** Three instances that lose their sessions at once, a consumer, and platforms that reach some of them. */
async function massLoss(reachable: readonly (readonly string[])[]) {
  const stage = new RegistryStage();
  const services: Actor[] = [];
  for (const id of ['a', 'b', 'c']) {
    const actor = await stage.actor();
    await stage.result(actor.registry.register({ service: 'web', id, address: '10.0.0.1', port: 80 }));
    services.push(actor);
  }
  const platforms: (Actor & { readonly prober: MassLossProber })[] = [];
  for (const reached of reachable) {
    const platform = await stage.actor();
    const prober = new MassLossProber(platform.client, platform.registry, {
      timers: stage.ensemble.timers,
      probes: {
        tcp: ({ instance }) =>
          reached.includes(instance.id) ? Promise.resolve() : Promise.reject(new Error('connection refused')),
      },
    });
    await stage.result(prober.start());
    platforms.push({ ...platform, prober });
  }
  const consumer = await stage.actor();
  const view = consumer.registry.view('web');
  await stage.ensemble.settle();
  for (const { client } of services) {
    stage.ensemble.cut(client);
    stage.ensemble.expire(client);
  }
  await stage.ensemble.settle();
  const ids = (): string[] => view.instances.map(({ id }) => id).sort();
  return { stage, services, platforms, view, ids };
}

describe('the platforms, when many instances vanish at once', () => {
  it('let the dead go, and keep those that are alive', async () => {
    const { stage, ids, view } = await massLoss([['b'], ['b']]);
    expect(ids()).toEqual(['a', 'b', 'c']);
    await stage.ensemble.pass(10_000);
    expect([ids(), view.guarded]).toEqual([['b'], true]);
  });

  it('believe the one that reaches an instance, not those that do not', async () => {
    const { stage, ids } = await massLoss([[], ['a', 'b', 'c']]);
    await stage.ensemble.pass(20_000);
    expect(ids()).toEqual(['a', 'b', 'c']);
  });

  it('need no second opinion when there is one platform only', async () => {
    const { stage, ids, view } = await massLoss([['a']]);
    await stage.ensemble.pass(10_000);
    expect([ids(), view.guarded]).toEqual([['a'], true]);
  });

  it('tell consumers that come later, too', async () => {
    const { stage } = await massLoss([['a'], ['a']]);
    await stage.ensemble.pass(10_000);
    const late = await stage.actor();
    const instances = await stage.result(late.registry.instances('web'));
    expect(instances).toMatchObject([{ id: 'a', guarded: true }]);
  });

  it('clear everything away when the instances have registered again', async () => {
    const { stage, services, platforms, ids, view } = await massLoss([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    await stage.ensemble.pass(10_000);
    for (const { client } of services) stage.ensemble.heal(client);
    await stage.ensemble.pass(330_000);
    expect([ids(), view.guarded]).toEqual([['a', 'b', 'c'], false]);
    expect(
      await stage.result(platforms[0]!.client.children('/corral/registry/notes/web/guard').catch(() => [])),
    ).toEqual([]);
  });

  it('let go of the living too when they never register again', async () => {
    const { stage, platforms, ids, view } = await massLoss([['a'], ['a']]);
    await stage.ensemble.pass(320_000);
    expect([ids(), view.guarded]).toEqual([[], false]);
    // Whichever of the two has cleared the notes away, neither remembers any of them.
    expect(platforms.map(({ prober }) => prober.size)).toEqual([0, 0]);
  });
});
