import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AuthFailedError,
  BadVersionError,
  type Client,
  ConnectionLossError,
  InvalidOptionError,
  InvalidPathError,
  MultiError,
  NodeExistsError,
  NoNodeError,
  ops,
  RequestTooLargeError,
  TooManyRequestsError,
} from '@corral/client';
import { TestEnsemble } from '@corral/client/testing';
import { ErrorCode, OpCode, Perms } from '@corral/model';

let ensemble: TestEnsemble;
let client: Client;
let requests: OpCode[];

beforeEach(async () => {
  requests = [];
  ensemble = new TestEnsemble({}, { onRequest: (type) => requests.push(type) });
  client = await ensemble.connect({ sessionTimeoutMs: 4000 });
});

afterEach(async () => {
  await ensemble.result(client.close());
});

const done = <T>(promise: Promise<T>): Promise<T> => ensemble.result(promise);

describe('creating', () => {
  it.each(['persistent', 'ephemeral', 'container'] as const)('%s', async (mode) => {
    const { path, stat } = await done(client.create2('/a', 'x', { mode }));
    expect([path, stat.dataLength]).toEqual(['/a', 1]);
  });

  it('with numbers', async () => {
    const make = (): Promise<string> => done(client.create('/n-', null, { mode: 'persistent-sequential' }));
    expect([await make(), await make()]).toEqual(['/n-0000000000', '/n-0000000001']);
    await expect(done(client.create('/t', '', { mode: 'ttl-sequential', ttlMs: 5 }))).resolves.toMatch(/^\/t\d{10}$/);
  });

  it('with the parents that are missing', async () => {
    await done(client.create('/a/b/c', 'x', { createParents: true }));
    expect(await done(client.children('/a/b'))).toEqual(['c']);
    await done(client.ensurePath('/a/b/d', { mode: 'persistent', data: 'y' }));
    await done(client.ensurePath('/a/b/d', { data: 'z' }));
    expect((await done(client.get('/a/b/d'))).data.toString()).toBe('y');
  });

  it.each<[string, (inside: Client) => Promise<unknown>]>([
    ['ensurePath', (inside) => inside.ensurePath('/prices')],
    ['ensurePath of the root', (inside) => inside.ensurePath('/')],
    ['createParents', (inside) => inside.create('/a/b', '', { createParents: true })],
  ])('with a chroot that is missing, by %s, and it stays when all below it has gone', async (_how, create) => {
    const inside = await ensemble.connect({ connect: 'test-ensemble/apps/shop' });
    await expect(done(inside.create('/early'))).rejects.toThrow('create /early: no such znode');
    await done(create(inside));
    await done(inside.create('/late'));
    for (const name of await done(inside.children('/'))) await done(inside.deleteRecursive(`/${name}`));
    await ensemble.pass(600_000);
    expect(await done(client.children('/apps'))).toEqual(['shop']);
    await done(inside.close());
  });

  it('goes by the default ACL of the client', async () => {
    const defaultAcl = [{ perms: Perms.read, scheme: 'world', id: 'anyone' }];
    const other = await ensemble.connect({ defaultAcl });
    await done(other.create('/a'));
    expect((await done(client.getAcl('/a'))).acl).toEqual(defaultAcl);
    await done(other.close());
  });

  it.each([
    ['a', {}, InvalidPathError],
    ['/a/', {}, InvalidPathError],
    ['/a/../b', {}, InvalidPathError],
    ['/a\0', {}, InvalidPathError],
    ['/a', { mode: 'ttl' }, InvalidOptionError],
    ['/a', { ttlMs: 5 }, InvalidOptionError],
    ['/a', { mode: 'eternal' }, InvalidOptionError],
  ])('%j with %j is refused before anything is sent', async (path, options, kind) => {
    await expect(done(client.create(path, '', options as never))).rejects.toBeInstanceOf(kind);
    expect(requests).toEqual([]);
  });
});

describe('a protected create whose answer is lost', () => {
  /** The connection breaks when the create has arrived at the server, or just before. */
  async function losing(arrives: boolean, create: () => Promise<string>): Promise<string> {
    const creating = create();
    creating.catch(() => undefined);
    if (arrives) ensemble.untilRequest(OpCode.create);
    else ensemble.timers.runDeferred();
    ensemble.drop(client);
    await ensemble.pass(2000);
    return creating;
  }

  it.each([true, false])('is done once, sequential (it had arrived: %s)', async (arrives) => {
    await done(client.create('/p'));
    requests.length = 0;
    const path = await losing(arrives, () =>
      client.create('/p/n-', 'x', { mode: 'ephemeral-sequential', protect: true }),
    );
    expect(path).toMatch(/^\/p\/_c_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-n-\d{10}$/);
    expect(await done(client.children('/p'))).toEqual([path.slice(3)]);
    expect(requests.filter((type) => type === OpCode.create)).toHaveLength(1);
    // The server of the next connection may not have heard of the create yet.
    expect(requests.indexOf(OpCode.sync)).toBeGreaterThanOrEqual(0);
    expect(requests.indexOf(OpCode.sync)).toBeLessThan(requests.indexOf(OpCode.getChildren));
  });

  it.each(['ephemeral', 'persistent'] as const)('is recognised, %s', async (mode) => {
    expect(await losing(true, () => client.create('/a', 'x', { mode, protect: true }))).toBe('/a');
  });

  it('is told, when another client’s znode is there', async () => {
    const other = await ensemble.connect();
    await done(other.create('/a', 'theirs'));
    await expect(losing(true, () => client.create('/a', 'ours', { protect: true }))).rejects.toBeInstanceOf(
      NodeExistsError,
    );
    await done(other.close());
  });

  it('is a loss, without protection', async () => {
    await expect(losing(true, () => client.create('/a'))).rejects.toBeInstanceOf(ConnectionLossError);
  });
});

describe('changing', () => {
  it('goes by versions', async () => {
    await done(client.create('/a', 'x'));
    await expect(done(client.set('/a', 'y', { version: 4 }))).rejects.toBeInstanceOf(BadVersionError);
    await expect(done(client.delete('/a', { version: 4 }))).rejects.toBeInstanceOf(BadVersionError);
    await expect(done(client.set('/b', 'y'))).rejects.toBeInstanceOf(NoNodeError);
  });

  it('deletes a whole subtree, and no more', async () => {
    await done(client.create('/a/b/c/d', '', { createParents: true }));
    await done(client.create('/ab'));
    await done(client.deleteRecursive('/a'));
    await done(client.deleteRecursive('/a'));
    expect(await done(client.children('/'))).toEqual(['ab', 'zookeeper']);
  });

  it('of several znodes is all or nothing, and says what failed', async () => {
    const results = await done(client.multi([ops.create('/a', '1'), ops.set('/a', '2', 0), ops.check('/a', 1)]));
    expect(results.map(({ type }) => type)).toEqual(['create', 'set', 'check']);
    const error = await done(client.multi([ops.set('/a', '3'), ops.delete('/a', 9)]).catch((e: unknown) => e));
    expect(error).toBeInstanceOf(MultiError);
    expect(error).toMatchObject({
      index: 1,
      code: ErrorCode.badVersion,
      path: '/a',
      cause: expect.any(BadVersionError),
    });
    expect((await done(client.get('/a'))).data.toString()).toBe('2');
  });
});

describe('bounds', () => {
  it('of requests that wait', async () => {
    const other = await ensemble.connect({ requestsOutstandingMax: 2 });
    const asked = [other.get('/'), other.get('/')];
    await expect(done(other.get('/'))).rejects.toBeInstanceOf(TooManyRequestsError);
    await Promise.all(asked);
    await done(other.close());
  });

  it('of a request’s size, without harm to others', async () => {
    const large = client.create('/large', Buffer.alloc(0xfffff));
    const small = client.create('/small');
    await expect(done(large)).rejects.toBeInstanceOf(RequestTooLargeError);
    expect(await small).toBe('/small');
  });
});

describe('giving up', () => {
  it('ends the wait at once, and the connection goes on', async () => {
    const stop = new AbortController();
    const reading = client.get('/', { signal: stop.signal });
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(done(reading)).rejects.toBe(reason);
    await expect(done(client.get('/', { signal: stop.signal }))).rejects.toBe(reason);
    expect(await done(client.children('/'))).toEqual(['zookeeper']);
  });
});

describe('credentials', () => {
  const auth = [{ scheme: 'digest', data: 'ann:secret' }];
  const acl = [{ perms: Perms.all, scheme: 'auth', id: '' }];

  it('go before anything else, on every connection', async () => {
    const other = ensemble.client({ auth });
    const reading = other.watchData('/a')[Symbol.asyncIterator]().next();
    await done(reading);
    requests.length = 0;
    ensemble.drop(other);
    const after = other.children('/');
    await ensemble.pass(1000);
    await after;
    expect(requests).toEqual([OpCode.auth, OpCode.setWatches, OpCode.getChildren]);
    await done(other.close());
  });

  it('can be added later, and count after a reconnect too', async () => {
    await done(client.addAuth('digest', 'bob:secret'));
    await done(client.create('/mine', 'x', { acl }));
    ensemble.drop(client);
    await ensemble.pass(1000);
    expect((await done(client.get('/mine'))).data.toString()).toBe('x');
    expect((await done(client.whoAmI())).map(({ user }) => user)).toContain('bob');
  });

  it('that are refused are told, and forgotten', async () => {
    await expect(ensemble.result(client.addAuth('nonsense', 'x'))).rejects.toBeInstanceOf(AuthFailedError);
    await ensemble.pass(2000);
    expect(await done(client.children('/'))).toEqual(['zookeeper']);
  });

  it('that were given as options and are refused end the client', async () => {
    const other = ensemble.client({ auth: [{ scheme: 'nonsense', data: 'x' }] });
    await expect(done(other.connected())).rejects.toBeInstanceOf(AuthFailedError);
    await expect(done(other.get('/'))).rejects.toBeInstanceOf(AuthFailedError);
    expect(other.state).toBe('closed');
  });
});
