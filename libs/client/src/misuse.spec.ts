import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, type ClientOptions, InvalidOptionError, InvalidPathError, ops } from '@corral/client';
import { TestEnsemble } from '@corral/client/testing';
import { OpCode } from '@corral/model';

let ensemble: TestEnsemble;
let client: Client;
let requests: OpCode[];

beforeEach(async () => {
  requests = [];
  ensemble = new TestEnsemble({}, { onRequest: (type) => requests.push(type) });
  client = await ensemble.connect({ sessionTimeoutMs: 4000, watchesMax: 4, requestsOutstandingMax: 2000 });
});

afterEach(async () => {
  await ensemble.result(client.close());
});

const done = <T>(promise: Promise<T>): Promise<T> => ensemble.result(promise);
const any = (value: unknown): never => value as never;

describe('what the compiler would have refused', () => {
  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['a number as data', () => client.create('/a', any(42)), /^data: must be text, bytes .*, not number$/],
    ['an object as data', () => client.set('/', any({ a: 1 })), /^data: .*, not object$/],
    ['a list as data', () => client.multi([ops.set('/', any([1, 2]))]), /^data: .*, not a list$/],
    ['a text as a version', () => client.set('/', 'x', { version: any('3') }), /^version: 3 is not a whole number/],
    ['no number as a version', () => client.delete('/a', { version: NaN }), /^version: NaN is not a whole number/],
    ['a broken version in a multi', () => client.multi([ops.check('/', 1.5)]), /^version: 1.5 is not/],
    ['no list as an ACL', () => client.create('/a', '', { acl: any('world') }), /^acl: must be a list, not empty, of /],
    ['an empty ACL', () => client.setAcl('/', []), /^acl: must be a list, not empty, of /],
    ['a strange ACL', () => client.multi([ops.create('/a', '', { acl: any([{ perms: 'r' }]) })]), /^acl: must be/],
    ['a strange credential', () => client.addAuth('', 'user:password'), /^credential: must be \{ scheme/],
    ['a strange request', () => client.reconfig({ fromVersion: any(7) }), /^reconfig: the request cannot be written$/],
  ])('%s is refused with a name and what would be right, and the client goes on', async (_what, call, message) => {
    const refused = done(call());
    await expect(refused).rejects.toBeInstanceOf(InvalidOptionError);
    await expect(refused).rejects.toThrow(message);
    expect(requests).toEqual([]);
    expect(await done(client.children('/'))).toEqual(['zookeeper']);
  });

  it.each([undefined, null, 7])('%j is no path', async (path) => {
    await expect(done(client.get(any(path)))).rejects.toBeInstanceOf(InvalidPathError);
    await expect(done(client.create(any(path), '', { mode: 'ephemeral-sequential' }))).rejects.toThrow('it is no text');
  });

  it.each([
    ['127.0.0.1:2181', /^options: must be an object such as \{ connect: '127.0.0.1:2181' \}, not string$/],
    [{}, /^connect: must be a text such as 10.0.0.1:2181,10.0.0.2:2181, not undefined$/],
    [{ connect: ['a:1'] }, /^connect: must be a text .*, not a list$/],
    [{ connect: 'a:1', sessionTimeoutMs: '5s' }, /^sessionTimeoutMs: 5s is not a whole number from 1 to 2147483647$/],
    [{ connect: 'a:1', auth: { scheme: 'digest' } }, /^auth: must be a list, not object$/],
    [{ connect: 'a:1', auth: [{ scheme: 'digest' }] }, /^auth.0: must be \{ scheme: string, data: text or bytes \}/],
    [{ connect: 'a:1', defaultAcl: [] }, /^defaultAcl: must be a list, not empty/],
    [{ connect: 'a:1', logger: console }, /^logger: must be a function, not object$/],
  ])('%j are no options', (options, message) => {
    expect(() => new Client(options as unknown as ClientOptions)).toThrow(message);
  });
});

describe('requests that are given up', () => {
  it('do not count as outstanding while no server is to be reached', async () => {
    ensemble.cut(client);
    await ensemble.settle();
    for (let round = 0; round < 5; round += 1) {
      const end = new AbortController();
      const given = Array.from({ length: 1500 }, () => client.get('/', { signal: end.signal }));
      end.abort(new Error('enough'));
      for (const each of await Promise.allSettled(given)) expect(each).toMatchObject({ reason: new Error('enough') });
    }
    const last = client.exists('/');
    ensemble.heal(client);
    await ensemble.pass(2000);
    expect(await last).toBeDefined();
    expect(requests.filter((type) => type === OpCode.getData)).toEqual([]);
  });

  it('may share a signal, however many they are, and leave nothing on it', async () => {
    const { signal } = new AbortController();
    const answers = Array.from({ length: 100 }, () => client.get('/', { signal }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(100);
    await done(Promise.all(answers));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a stream that is left while it reads', () => {
  it('leaves no watch behind', async () => {
    for (let round = 1; round <= 6; round += 1) {
      const path = await done(client.create('/a', '', { mode: 'persistent-sequential' }));
      const values = client.watchData(path)[Symbol.asyncIterator]();
      await done(values.next());
      requests.length = 0;
      const changed = client.set(path, 'x');
      ensemble.automatic();
      while (!requests.includes(OpCode.getData)) await new Promise((resolve) => setImmediate(resolve));
      ensemble.stopAutomatic();
      await values.return?.();
      await done(changed);
    }
    // Of four watches that may stand, none does.
    await expect(done(client.getWithWatch('/', () => undefined))).resolves.toBeDefined();
  });

  it('does not count as outstanding while no server is to be reached', async () => {
    ensemble.cut(client);
    await ensemble.settle();
    for (let count = 0; count < 5000; count += 1) {
      const values = client.watchData('/')[Symbol.asyncIterator]();
      void values.next();
      await values.return?.();
    }
    const last = client.exists('/');
    ensemble.heal(client);
    await ensemble.pass(2000);
    expect(await last).toBeDefined();
    expect(requests.filter((type) => type === OpCode.getData)).toEqual([]);
  });
});
