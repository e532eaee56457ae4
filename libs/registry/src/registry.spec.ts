import { describe, expect, it } from '@jest/globals';
import { NoInstanceError, RegistryClosedError } from './errors.js';
import { type Actor, collect, RegistryStage } from './registry-stage.fake.js';
import type { BadInstance, ServiceUpdate } from './watch/service-update.js';

const web = (id: string): { service: string; id: string; address: string; port: number } => ({
  service: 'web',
  id,
  address: '10.0.0.1',
  port: 80,
});

/** An update in short: `full a,b`, `+a ~b -c`, with `guarded` and `stale`. */
function short(update: ServiceUpdate): string {
  const ids = (list: readonly { id: string }[], sign: string): string[] => list.map(({ id }) => sign + id).sort();
  const words =
    update.kind === 'full'
      ? ['full', ...ids(update.instances, '')]
      : [...ids(update.added, '+'), ...ids(update.updated, '~'), ...[...update.removed].sort().map((id) => `-${id}`)];
  return [...words, ...(update.guarded ? ['guarded'] : []), ...(update.stale ? ['stale'] : [])].join(' ');
}

/** Each instance on a client of its own, and one who watches. */
async function meshOf(stage: RegistryStage, ...ids: string[]) {
  const services: Actor[] = [];
  for (const id of ids) {
    const actor = await stage.actor();
    await stage.result(actor.registry.register(web(id)));
    services.push(actor);
  }
  const consumer = await stage.actor({ guard: { keepMs: 60_000 } });
  const updates = collect(consumer.registry.watch('web'));
  await stage.ensemble.settle();
  return { services, consumer, updates };
}

/** The clients lose their sessions, and cannot get new ones. */
async function lose(stage: RegistryStage, actors: readonly Actor[]): Promise<void> {
  for (const { client } of actors) {
    stage.ensemble.cut(client);
    stage.ensemble.expire(client);
  }
  await stage.ensemble.settle();
}

describe('a registration', () => {
  it('is an ephemeral znode in the place and form that Curator knows', async () => {
    const stage = new RegistryStage();
    const { client, registry } = await stage.actor();
    await stage.result(registry.register({ ...web('a'), zone: 'eu' }));
    const { data, stat } = await stage.result(client.get('/services/web/a'));
    expect(JSON.parse(data.toString())).toMatchObject({ name: 'web', id: 'a', port: 80, corral: { zone: 'eu' } });
    expect(stat.ephemeralOwner).toBe(client.sessionId);
  });

  it('changes in place', async () => {
    const stage = new RegistryStage();
    const { registry } = await stage.actor();
    const registration = await stage.result(registry.register(web('a')));
    const updates = collect(registry.watch('web'));
    await stage.ensemble.settle();
    await stage.result(registration.update({ weight: 5, metadata: { team: 'shop' } }));
    expect(updates.map(short)).toEqual(['full a', '~a']);
    expect((await stage.result(registry.instances('web')))[0]).toMatchObject({ weight: 5, metadata: { team: 'shop' } });
  });

  it('comes again by itself after its session has expired', async () => {
    const stage = new RegistryStage();
    const { services, updates } = await meshOf(stage, 'a');
    stage.ensemble.expire(services[0]!.client);
    await stage.ensemble.pass(10_000);
    expect(updates.map(short)).toEqual(['full a', '-a', '+a']);
  });

  it('stays through a lost connection', async () => {
    const stage = new RegistryStage();
    const { services, updates } = await meshOf(stage, 'a');
    stage.ensemble.drop(services[0]!.client);
    await stage.ensemble.pass(10_000);
    expect(updates.map(short)).toEqual(['full a']);
  });

  it('comes again after the ensemble has lost everything', async () => {
    const stage = new RegistryStage();
    const { consumer } = await meshOf(stage, 'a');
    stage.ensemble.stop();
    await stage.ensemble.pass(1000);
    stage.ensemble.restart({ empty: true });
    await stage.ensemble.pass(30_000);
    expect((await stage.result(consumer.registry.instances('web'))).map(({ id }) => id)).toEqual(['a']);
  });

  it('takes the place of what an earlier life of the instance left behind', async () => {
    const stage = new RegistryStage();
    const [before, after] = [await stage.actor(), await stage.actor()];
    await stage.result(before.registry.register(web('a')));
    await stage.result(after.registry.register({ ...web('a'), port: 81 }));
    const { data, stat } = await stage.result(after.client.get('/services/web/a'));
    expect([JSON.parse(data.toString()).port, stat.ephemeralOwner]).toEqual([81, after.client.sessionId]);
  });

  it('waits while the ensemble is away, until it is told not to', async () => {
    const stage = new RegistryStage();
    const { client, registry } = await stage.actor();
    stage.ensemble.cut(client);
    await stage.ensemble.settle();
    const end = new AbortController();
    const refused = registry.register(web('a'), { signal: end.signal });
    const registered = registry.register(web('b'));
    end.abort(new Error('enough'));
    await expect(refused).rejects.toThrow('enough');
    stage.ensemble.heal(client);
    await stage.ensemble.pass(10_000);
    expect((await registered).isRegistered).toBe(true);
    expect((await stage.result(registry.instances('web'))).map(({ id }) => id)).toEqual(['b']);
  });

  it('drains before it leaves', async () => {
    const stage = new RegistryStage();
    const { registry } = await stage.actor();
    const registration = await stage.result(registry.register(web('a')));
    const updates = collect(registry.watch('web'));
    await stage.ensemble.settle();
    const drained = registration.drain({ graceMs: 5000 });
    await stage.ensemble.pass(4999);
    expect(updates.map(short)).toEqual(['full a', '~a']);
    await stage.ensemble.pass(1);
    await drained;
    expect(updates.map(short)).toEqual(['full a', '~a', '-a']);
    expect(registration.isRegistered).toBe(false);
  });

  it('leaves with its registry, and does not come again', async () => {
    const stage = new RegistryStage();
    const { services, updates } = await meshOf(stage, 'a');
    await stage.result(services[0]!.registry.close());
    stage.ensemble.expire(services[0]!.client);
    await stage.ensemble.pass(10_000);
    expect(updates.map(short)).toEqual(['full a', '-a']);
  });
});

describe('a watch', () => {
  it('goes on from a revision with what was missed, or says at once that nothing was', async () => {
    const stage = new RegistryStage();
    const { registry } = await stage.actor();
    await stage.result(registry.register(web('a')));
    const view = registry.view('web');
    await stage.result(view.ready());
    const since = view.revision;
    const same = collect(registry.watch('web', { since }));
    await stage.ensemble.settle();
    expect(same).toMatchObject([{ kind: 'delta', added: [], updated: [], removed: [], revision: since }]);
    const registration = await stage.result(registry.register(web('b')));
    await stage.result(registry.register(web('c')));
    await stage.result(registration.leave());
    const missed = collect(registry.watch('web', { since }));
    await stage.ensemble.settle();
    expect(missed.map(short)).toEqual(['+c']);
  });

  it('begins in full when it is not known what was missed', async () => {
    const stage = new RegistryStage();
    const { registry } = await stage.actor();
    await stage.result(registry.register(web('a')));
    for (const since of ['0x1-0000000000000000', 'nonsense', '']) {
      const updates = collect(registry.watch('web', { since }));
      await stage.ensemble.settle();
      expect(updates.map(short)).toEqual(['full a']);
    }
  });

  it('has the same revision for the same state, whoever watches', async () => {
    const stage = new RegistryStage();
    const { consumer, updates } = await meshOf(stage, 'a', 'b');
    const other = await stage.actor();
    const resumed = collect(other.registry.watch('web', { since: updates[0]!.revision }));
    await stage.ensemble.settle();
    expect(resumed.map((update) => update.kind)).toEqual(['delta']);
    expect(consumer.registry.view('web').revision).toBe(resumed[0]!.revision);
  });

  it('keeps the last known state while the ensemble is away, says so, and goes on by itself', async () => {
    const stage = new RegistryStage();
    const { services, consumer, updates } = await meshOf(stage, 'a', 'b');
    stage.ensemble.cut(consumer.client);
    await stage.ensemble.pass(60_000);
    expect(updates.map(short)).toEqual(['full a b', 'stale']);
    await stage.result(services[0]!.registry.close());
    stage.ensemble.heal(consumer.client);
    await stage.ensemble.pass(30_000);
    expect(updates.slice(2).map(short).join(' ').replace(/stale/u, '').trim()).toBe('-a');
    expect(updates.at(-1)).toMatchObject({ stale: false });
  });

  it('reports a znode that is no instance, and goes on without it', async () => {
    const stage = new RegistryStage();
    const bad: BadInstance[] = [];
    const { client, registry } = await stage.actor({ onBadInstance: (each) => bad.push(each) });
    await stage.result(registry.register(web('a')));
    await stage.result(client.create('/services/web/broken', 'no json'));
    const updates = collect(registry.watch('web'));
    await stage.ensemble.settle();
    await stage.result(client.set('/services/web/broken', JSON.stringify({ address: 'h' })));
    expect(updates.map(short)).toEqual(['full a', '+broken']);
    expect(bad.map(({ service, id }) => `${service}/${id}`)).toEqual(['web/broken']);
  });

  it('begins with nothing for a service that nobody has registered', async () => {
    const stage = new RegistryStage();
    const { updates, consumer } = await meshOf(stage);
    await stage.result(consumer.registry.register(web('first')));
    expect(updates.map(short)).toEqual(['full', '+first']);
  });

  it('tells the others although one of those who listen throws', async () => {
    const stage = new RegistryStage();
    const troubles: string[] = [];
    const { registry } = await stage.actor({ logger: (level, message) => troubles.push(`${level}: ${message}`) });
    const pool = registry.pool('web', { strategy: 'random' });
    await stage.result(pool.ready());
    pool.onChange(() => {
      throw new Error('a fault of the caller');
    });
    const updates = collect(registry.watch('web'));
    await stage.ensemble.settle();
    await stage.result(registry.register(web('a')));
    expect(updates.map(short)).toEqual(['full', '+a']);
    expect(troubles).toEqual(['error: a listener of a service has thrown']);
  });

  it('of the services tells their names', async () => {
    const stage = new RegistryStage();
    const { registry } = await stage.actor();
    const names = collect(registry.watchServices());
    await stage.ensemble.settle();
    await stage.result(registry.register(web('a')));
    await stage.result(registry.register({ ...web('a'), service: 'api' }));
    expect(names.map(({ services }) => services)).toEqual([[], ['web'], ['api', 'web']]);
    expect(await stage.result(registry.services())).toEqual(['api', 'web']);
  });

  it('leaves no watch behind when nobody listens any more', async () => {
    const stage = new RegistryStage();
    const { registry } = await stage.actor();
    const end = new AbortController();
    collect(registry.watch('web', { signal: end.signal }));
    collect(registry.watch('web', { signal: end.signal }));
    await stage.ensemble.settle();
    expect(stage.ensemble.watchCount).toBeGreaterThan(0);
    end.abort();
    await stage.ensemble.settle();
    expect(stage.ensemble.watchCount).toBe(0);
  });
});

describe('many instances that vanish at once', () => {
  it('are kept and marked, until they register again', async () => {
    const stage = new RegistryStage();
    const { services, updates } = await meshOf(stage, 'a', 'b', 'c', 'd');
    await lose(stage, services.slice(0, 3));
    expect(updates.map(short).at(-1)).toMatch(/~a ~b ~c guarded/u);
    for (const { client } of services) stage.ensemble.heal(client);
    await stage.ensemble.pass(10_000);
    const last = updates.at(-1)!;
    expect(last.guarded).toBe(false);
    expect(updates.flatMap((update) => (update.kind === 'delta' ? update.removed : []))).toEqual([]);
  });

  it('are let go after the longest time', async () => {
    const stage = new RegistryStage();
    const { services, updates } = await meshOf(stage, 'a', 'b', 'c');
    await lose(stage, services);
    await stage.ensemble.pass(59_000);
    expect(updates.at(-1)!.guarded).toBe(true);
    await stage.ensemble.pass(1500);
    expect(updates.map(short).at(-1)).toBe('-a -b -c');
  });

  it('go at once when they leave because they want to', async () => {
    const stage = new RegistryStage();
    const { services, updates } = await meshOf(stage, 'a', 'b', 'c');
    const closed = services.map(async ({ client, registry }) => {
      await registry.close();
      await client.close();
    });
    await stage.result(Promise.all(closed));
    expect(updates.flatMap((update) => (update.kind === 'delta' ? update.removed : [])).sort()).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(updates.some(({ guarded }) => guarded)).toBe(false);
  });

  it('are not kept when they are few', async () => {
    const stage = new RegistryStage();
    const { services, updates } = await meshOf(stage, 'a', 'b', 'c', 'd', 'e');
    await lose(stage, services.slice(0, 2));
    expect(updates.at(-1)!.guarded).toBe(false);
  });
});

describe('a pool', () => {
  it('gives out the instances that take work, and says when there is none', async () => {
    const stage = new RegistryStage();
    const { registry } = await stage.actor();
    const pool = registry.pool('web', { strategy: 'round-robin' });
    await stage.result(pool.ready());
    expect(() => pool.pick()).toThrow(NoInstanceError);
    await stage.result(registry.register(web('a')));
    const second = await stage.result(registry.register(web('b')));
    expect([pool.pick(), pool.pick()].map(({ instance }) => instance.id).sort()).toEqual(['a', 'b']);
    await stage.result(second.update({ status: 'DOWN' }));
    expect([pool.pick(), pool.pick()].map(({ instance }) => instance.id)).toEqual(['a', 'a']);
    expect(() => pool.pick({ exclude: new Set(['a']) })).toThrow(NoInstanceError);
    expect(pool.instances).toHaveLength(2);
  });

  it('gives out nobody after it, or its registry, was closed: what it knows is of then', async () => {
    const stage = new RegistryStage();
    const { registry } = await stage.actor();
    await stage.result(registry.register(web('a')));
    const [closed, open] = [registry.pool('web'), registry.pool('web')];
    await stage.result(Promise.all([closed.ready(), open.ready()]));
    closed.close();
    expect(() => closed.pick()).toThrow('the pool of web is closed');
    expect(open.pick().instance.id).toBe('a');
    await stage.result(registry.close());
    expect(() => open.pick()).toThrow(RegistryClosedError);
  });

  it('that is closed before it is ready says so', async () => {
    const stage = new RegistryStage();
    const { client, registry } = await stage.actor();
    stage.ensemble.cut(client);
    const ready = registry.pool('web').ready();
    ready.catch(() => undefined);
    await stage.result(registry.close());
    await expect(ready).rejects.toThrow(RegistryClosedError);
    await expect(ready).rejects.toThrow('the view of web is closed');
  });

  it('gives an instance that keeps failing a rest', async () => {
    const stage = new RegistryStage();
    const { registry } = await stage.actor();
    for (const id of ['a', 'b']) await stage.result(registry.register(web(id)));
    const ejection = { consecutiveFailures: 2, baseMs: 1000 };
    const pool = registry.pool('web', { strategy: { kind: 'sticky' }, ejection });
    await stage.result(pool.ready());
    const call = (outcome: 'success' | 'failure'): string => {
      const pick = pool.pick({ key: 'k' });
      pick.done(outcome);
      pick.done(outcome);
      return pick.instance.id;
    };
    const first = call('failure');
    expect(call('failure')).toBe(first);
    const second = call('success');
    expect(second).not.toBe(first);
    await stage.ensemble.pass(1000);
    expect(pool.pick({ exclude: new Set([second]) }).instance.id).toBe(first);
  });
});
