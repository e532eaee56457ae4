import { describe, expect, it } from '@jest/globals';
import { OpCode } from '@corral/model';
import { InvalidInstanceError } from '../errors.js';
import { type Actor, RegistryStage } from '../registry-stage.fake.js';

const WEB = { service: 'web', id: 'a', address: '10.0.0.1', port: 80 };
const PATH = '/services/web/a';

async function portAt(stage: RegistryStage, { client }: Actor): Promise<number | undefined> {
  const znode = await stage.result(client.getOrUndefined(PATH));
  return znode && (JSON.parse(znode.data.toString()) as { port: number }).port;
}

describe('a registration that somebody interferes with', () => {
  it('comes again when its znode is removed', async () => {
    const stage = new RegistryStage();
    const [service, operator] = [await stage.actor(), await stage.actor()];
    const registration = await stage.result(service.registry.register(WEB));
    for (let times = 1; times <= 3; times += 1) {
      await stage.result(operator.client.delete(PATH));
      expect(await portAt(stage, operator)).toBe(80);
    }
    expect(registration.isRegistered).toBe(true);
  });

  it('gives way to another that has taken its id, and comes again when that has gone', async () => {
    const stage = new RegistryStage();
    const [first, second] = [await stage.actor(), await stage.actor()];
    const registration = await stage.result(first.registry.register(WEB));
    const other = await stage.result(second.registry.register({ ...WEB, port: 81 }));
    await stage.ensemble.pass(60_000);
    expect([await portAt(stage, first), registration.isRegistered, other.isRegistered]).toEqual([81, false, true]);
    await stage.result(other.leave());
    expect([await portAt(stage, first), registration.isRegistered]).toEqual([80, true]);
  });

  it('leaves alone what has taken its place', async () => {
    const stage = new RegistryStage();
    const [before, after] = [await stage.actor(), await stage.actor()];
    const registration = await stage.result(before.registry.register(WEB));
    await stage.result(after.registry.register({ ...WEB, port: 81 }));
    await stage.result(registration.leave());
    expect(await portAt(stage, after)).toBe(81);
  });
});

describe('a registration whose connection is lost', () => {
  it('is looked after and not written again, when all is as it was', async () => {
    const stage = new RegistryStage();
    const [service, operator] = [await stage.actor(), await stage.actor()];
    const registration = await stage.result(service.registry.register(WEB));
    stage.ensemble.drop(service.client);
    await stage.ensemble.pass(2000);
    expect((await stage.result(operator.client.get(PATH))).stat.version).toBe(0);
    stage.ensemble.cut(service.client);
    await stage.result(operator.client.delete(PATH));
    stage.ensemble.heal(service.client);
    await stage.ensemble.pass(2000);
    expect([await portAt(stage, operator), service.client.state, registration.isRegistered]).toEqual([
      80,
      'reconnected',
      true,
    ]);
  });

  it('tells what could not be told before', async () => {
    const stage = new RegistryStage();
    const [service, operator] = [await stage.actor(), await stage.actor()];
    const registration = await stage.result(service.registry.register(WEB));
    stage.ensemble.cut(service.client);
    await stage.ensemble.settle();
    const impatient = AbortSignal.abort(new Error('enough'));
    await expect(registration.update({ port: 81 }, { signal: impatient })).rejects.toThrow('enough');
    stage.ensemble.heal(service.client);
    await stage.ensemble.pass(2000);
    expect(await portAt(stage, operator)).toBe(81);
  });
});

describe('a registration that leaves', () => {
  it('is gone although the connection breaks in the midst of it', async () => {
    const stage = new RegistryStage();
    const [service, other] = [await stage.actor(), await stage.actor()];
    const registration = await stage.result(service.registry.register(WEB));
    const left = registration.leave();
    await new Promise((resolve) => setImmediate(resolve));
    stage.ensemble.untilRequest(OpCode.exists);
    stage.ensemble.drop(service.client);
    await stage.ensemble.pass(1000);
    await left;
    expect(await portAt(stage, other)).toBeUndefined();
  });

  it('is gone although the answer is lost', async () => {
    const stage = new RegistryStage();
    const [service, other] = [await stage.actor(), await stage.actor()];
    const registration = await stage.result(service.registry.register(WEB));
    // The first time makes the place where departures are told.
    await stage.result((await stage.result(service.registry.register({ ...WEB, id: 'b' }))).leave());
    const left = registration.leave();
    await new Promise((resolve) => setImmediate(resolve));
    stage.ensemble.untilRequest(OpCode.exists);
    stage.ensemble.cut(service.client);
    await stage.ensemble.settle();
    // Nobody waits for the ensemble.
    await left;
    stage.ensemble.heal(service.client);
    await stage.ensemble.pass(2000);
    expect(await portAt(stage, other)).toBeUndefined();
    expect(service.client.state).toBe('reconnected');
  });

  it('leaves nothing behind that grows', async () => {
    const stage = new RegistryStage();
    const { client, registry } = await stage.actor();
    for (const id of ['a', 'b', 'c']) {
      await stage.result((await stage.result(registry.register({ ...WEB, id }))).leave());
    }
    expect(await stage.result(client.children('/corral/registry/departures/web'))).toEqual([]);
    expect(stage.ensemble.watchCount).toBe(0);
  });

  it.each([NaN, Infinity, -1, 0.5, '10'])('is told that %p is no grace', async (graceMs) => {
    const stage = new RegistryStage();
    const { registry } = await stage.actor();
    const registration = await stage.result(registry.register(WEB));
    const refused = registration.drain({ graceMs: graceMs as number });
    await expect(stage.result(refused)).rejects.toThrow(InvalidInstanceError);
    await expect(refused).rejects.toThrow('graceMs: must be a whole number from 0 to 3600000');
    expect(registration.isRegistered).toBe(true);
  });
});

describe('a registration that is given up before it is done', () => {
  it('is not there afterwards, although it was sent', async () => {
    const stage = new RegistryStage();
    const [service, other] = [await stage.actor(), await stage.actor()];
    await stage.result(service.registry.register({ ...WEB, id: 'makes-the-place' }));
    const end = new AbortController();
    const registered = service.registry.register(WEB, { signal: end.signal });
    await new Promise((resolve) => setImmediate(resolve));
    stage.ensemble.untilRequest(OpCode.create);
    end.abort(new Error('too slow'));
    await expect(registered).rejects.toThrow('too slow');
    await stage.ensemble.settle();
    expect(await portAt(stage, other)).toBeUndefined();
  });
});
