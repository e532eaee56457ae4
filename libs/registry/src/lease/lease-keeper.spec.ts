import { describe, expect, it } from '@jest/globals';
import { InstanceExistsError, InvalidInstanceError, LeaseNotFoundError } from '../errors.js';
import { type Actor, RegistryStage } from '../registry-stage.fake.js';
import { LeaseKeeper } from './lease-keeper.js';

const spec = { service: 'web', id: 'a', address: '10.0.0.1', port: 80 };
const TTL_MS = 10_000;

interface Platform extends Actor {
  readonly leases: LeaseKeeper;
}

async function platformOn(stage: RegistryStage): Promise<Platform> {
  const actor = await stage.actor();
  const leases = new LeaseKeeper(actor.client, actor.registry, { timers: stage.ensemble.timers });
  await stage.result(leases.start());
  return { ...actor, leases };
}

async function idsOf(stage: RegistryStage, { registry }: Actor): Promise<string[]> {
  return (await stage.result(registry.instances('web'))).map(({ id }) => id);
}

describe('a lease', () => {
  it('keeps its instance as long as it is renewed, and no longer', async () => {
    const stage = new RegistryStage();
    const platform = await platformOn(stage);
    const { leaseId, instance } = await stage.result(platform.leases.grant(spec, TTL_MS));
    expect(instance).toMatchObject({ id: 'a', lease: { leaseId, ttlMs: TTL_MS } });
    for (let i = 0; i < 5; i += 1) {
      await stage.ensemble.pass(9000);
      await stage.result(platform.leases.renew(leaseId));
    }
    expect(await idsOf(stage, platform)).toEqual(['a']);
    await stage.ensemble.pass(10_500);
    expect(await idsOf(stage, platform)).toEqual([]);
    await expect(stage.result(platform.leases.renew(leaseId))).rejects.toThrow(LeaseNotFoundError);
  });

  it('is renewed at any platform, with few writes', async () => {
    const stage = new RegistryStage();
    const [keeper, other] = [await platformOn(stage), await platformOn(stage)];
    const { leaseId } = await stage.result(keeper.leases.grant(spec, TTL_MS));
    for (let i = 0; i < 60; i += 1) {
      await stage.ensemble.pass(1000);
      await stage.result(other.leases.renew(leaseId));
    }
    expect(await idsOf(stage, other)).toEqual(['a']);
    const { stat } = await stage.result(keeper.client.get(`/corral/registry/leases/${leaseId}`));
    expect(stat.version).toBeLessThanOrEqual(18);
  });

  it('is taken over with its full time when its keeper dies', async () => {
    const stage = new RegistryStage();
    const [keeper, heir, third] = [await platformOn(stage), await platformOn(stage), await platformOn(stage)];
    const { leaseId } = await stage.result(keeper.leases.grant(spec, TTL_MS));
    await stage.ensemble.pass(9000);
    stage.ensemble.cut(keeper.client);
    stage.ensemble.expire(keeper.client);
    await stage.ensemble.settle();
    expect(await idsOf(stage, heir)).toEqual(['a']);
    await stage.ensemble.pass(9000);
    expect((await stage.result(third.leases.renew(leaseId))).instance.id).toBe('a');
    await stage.ensemble.pass(9000);
    expect(await idsOf(stage, heir)).toEqual(['a']);
  });

  it('stays where it went when its first keeper comes back', async () => {
    const stage = new RegistryStage();
    const [keeper, heir] = [await platformOn(stage), await platformOn(stage)];
    const { leaseId } = await stage.result(keeper.leases.grant(spec, TTL_MS));
    stage.ensemble.cut(keeper.client);
    stage.ensemble.expire(keeper.client);
    await stage.ensemble.settle();
    stage.ensemble.heal(keeper.client);
    for (let i = 0; i < 10; i += 1) {
      await stage.ensemble.pass(3000);
      await stage.result(keeper.leases.renew(leaseId));
    }
    const { stat } = await stage.result(heir.client.get('/services/web/a'));
    expect(stat.ephemeralOwner).toBe(heir.client.sessionId);
  });

  it('is not called renewed by a platform that has no session, because another may have ended it', async () => {
    const stage = new RegistryStage();
    const [keeper, heir] = [await platformOn(stage), await platformOn(stage)];
    const { leaseId } = await stage.result(keeper.leases.grant(spec, TTL_MS));
    stage.ensemble.cut(keeper.client);
    await stage.ensemble.pass(1000);
    // As long as the session may live, nobody else has the lease.
    expect((await stage.result(keeper.leases.renew(leaseId))).leaseId).toBe(leaseId);
    await stage.ensemble.pass(20_000);
    expect(await idsOf(stage, heir)).toEqual([]);
    const answers: string[] = [];
    keeper.leases.renew(leaseId).then(
      () => answers.push('renewed'),
      (error: unknown) => answers.push((error as Error).name),
    );
    await stage.ensemble.pass(20_000);
    expect(answers).toEqual([]);
    stage.ensemble.heal(keeper.client);
    await stage.ensemble.pass(2000);
    expect(answers).toEqual(['LeaseNotFoundError']);
  });

  it('stays when somebody removes its instance', async () => {
    const stage = new RegistryStage();
    const [keeper, other] = [await platformOn(stage), await platformOn(stage)];
    const { leaseId } = await stage.result(keeper.leases.grant(spec, TTL_MS));
    for (let times = 0; times < 3; times += 1) {
      await stage.result(other.client.delete('/services/web/a'));
      expect(await idsOf(stage, other)).toEqual(['a']);
    }
    await stage.result(other.leases.revoke(leaseId));
    await stage.ensemble.pass(20_000);
    expect(await idsOf(stage, other)).toEqual([]);
  });

  it('drains for no time that cannot be', async () => {
    const stage = new RegistryStage();
    const { leases } = await platformOn(stage);
    const { leaseId } = await stage.result(leases.grant(spec, TTL_MS));
    await expect(stage.result(leases.drain(leaseId, NaN))).rejects.toThrow('graceMs: must be a whole number');
  });

  it('of a platform that is alone comes again with its next session', async () => {
    const stage = new RegistryStage();
    const platform = await platformOn(stage);
    await stage.result(platform.leases.grant(spec, TTL_MS));
    stage.ensemble.expire(platform.client);
    await stage.ensemble.pass(5000);
    expect(await idsOf(stage, platform)).toEqual(['a']);
    await stage.ensemble.pass(11_000);
    expect(await idsOf(stage, platform)).toEqual([]);
  });

  it('goes to another platform when its keeper stops', async () => {
    const stage = new RegistryStage();
    const [keeper, heir] = [await platformOn(stage), await platformOn(stage)];
    await stage.result(keeper.leases.grant(spec, TTL_MS));
    await stage.result(keeper.leases.stop());
    await stage.result(keeper.client.close());
    expect(await idsOf(stage, heir)).toEqual(['a']);
    await stage.ensemble.pass(11_000);
    expect(await idsOf(stage, heir)).toEqual([]);
  });

  it('ends after the grace of a drain, though it is renewed, and with another status it does not', async () => {
    const stage = new RegistryStage();
    const [keeper, other] = [await platformOn(stage), await platformOn(stage)];
    const { leaseId } = await stage.result(keeper.leases.grant(spec, TTL_MS));
    await stage.result(other.leases.drain(leaseId, 5000));
    await stage.ensemble.pass(4000);
    const back = await stage.result(other.leases.update(leaseId, { status: 'UP' }));
    await stage.ensemble.pass(4000);
    expect(back.instance.status).toBe('UP');
    expect(await idsOf(stage, keeper)).toEqual(['a']);
    await stage.result(other.leases.drain(leaseId, 5000));
    await stage.ensemble.pass(4000);
    await stage.result(other.leases.renew(leaseId));
    await stage.result(other.leases.drain(leaseId, 5000));
    expect(await idsOf(stage, keeper)).toEqual(['a']);
    await stage.ensemble.pass(1500);
    expect(await idsOf(stage, keeper)).toEqual([]);
  });

  it('drains on at another platform when its keeper dies', async () => {
    const stage = new RegistryStage();
    const [keeper, heir] = [await platformOn(stage), await platformOn(stage)];
    const { leaseId } = await stage.result(keeper.leases.grant(spec, 60_000));
    await stage.result(keeper.leases.drain(leaseId, 9000));
    stage.ensemble.cut(keeper.client);
    stage.ensemble.expire(keeper.client);
    await stage.ensemble.pass(8000);
    const [instance] = await stage.result(heir.registry.instances('web'));
    expect(instance).toMatchObject({ id: 'a', status: 'DRAINING' });
    await stage.ensemble.pass(1500);
    expect(await idsOf(stage, heir)).toEqual([]);
    await expect(stage.result(heir.leases.renew(leaseId))).rejects.toThrow(LeaseNotFoundError);
  });

  it('leaves its instance in place when the record is seen before the answer to the grant', async () => {
    const stage = new RegistryStage();
    const { client, leases } = await platformOn(stage);
    const multi = client.multi.bind(client);
    client.multi = async (operations, options) => {
      const results = await multi(operations, options);
      await new Promise<void>((resolve) => stage.ensemble.timers.setTimeout(resolve, 100));
      return results;
    };
    const granted = leases.grant(spec, TTL_MS);
    await stage.ensemble.pass(1000);
    const { instance } = await granted;
    const { stat } = await stage.result(client.get('/services/web/a'));
    const [record] = await stage.result(client.children('/corral/registry/leases'));
    const { stat: granting } = await stage.result(client.get(`/corral/registry/leases/${record}`));
    expect(instance.id).toBe('a');
    expect(stat.czxid).toBe(granting.czxid);
    expect(granting.version).toBe(0);
  });

  it('changes its instance, and ends when its holder says so', async () => {
    const stage = new RegistryStage();
    const [keeper, other] = [await platformOn(stage), await platformOn(stage)];
    const { leaseId } = await stage.result(keeper.leases.grant(spec, TTL_MS));
    const changed = await stage.result(other.leases.update(leaseId, { status: 'DRAINING' }));
    expect(changed.instance).toMatchObject({ status: 'DRAINING', lease: { leaseId } });
    expect((await stage.result(keeper.registry.instances('web')))[0]).toMatchObject({ status: 'DRAINING' });
    await stage.result(other.leases.revoke(leaseId));
    await stage.result(other.leases.revoke(leaseId));
    expect(await idsOf(stage, keeper)).toEqual([]);
    await expect(stage.result(keeper.leases.renew(leaseId))).rejects.toThrow(LeaseNotFoundError);
  });

  it('is refused for an id that is taken, and for times and ids that cannot be', async () => {
    const stage = new RegistryStage();
    const { leases } = await platformOn(stage);
    await stage.result(leases.grant(spec, TTL_MS));
    await expect(stage.result(leases.grant(spec, TTL_MS))).rejects.toThrow(InstanceExistsError);
    await expect(stage.result(leases.grant({ ...spec, id: 'b' }, 10))).rejects.toThrow(InvalidInstanceError);
    await expect(stage.result(leases.renew('../x'))).rejects.toThrow(LeaseNotFoundError);
  });
});
