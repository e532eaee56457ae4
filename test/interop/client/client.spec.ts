/** The TypeScript client on real servers: the same story, told on Corral and on Apache ZooKeeper. */
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import {
  type Client as ClientType,
  Client,
  type ConnectionState,
  isConnected,
  MultiError,
  NoAuthError,
  NotEmptyError,
  ops,
  type Resync,
  type WatchEvent,
} from '@corral/client';
import { Perms } from '@corral/model';
import { TreeCache } from '@corral/recipes';
import { isApacheSince, type RunningServer, startApache, startCorral } from '../harness/index.js';
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';

const extendedTypes = ['extendedTypesEnabled=true'];

describeWith('the client on Corral', [needsCorral], () => {
  tell(
    () => startCorral({ configLines: extendedTypes }),
    () => true,
  );
});

describeWith('the client on Apache ZooKeeper', [needsApache], () => {
  tell(() => startApache({ javaProperties: { 'zookeeper.extendedTypesEnabled': 'true' } }), isApacheSince);
});

/** `knows`: whether the server knows what ZooKeeper knows since this version. */
function tell(start: () => Promise<RunningServer>, knows: (major: number, minor: number) => boolean): void {
  const itSince = (major: number, minor: number): typeof it | typeof it.skip => (knows(major, minor) ? it : it.skip);
  let server: RunningServer;
  const clients: ClientType[] = [];

  beforeAll(async () => {
    server = await start();
  }, 60_000);

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    const cleaner = await connect();
    for (const name of await cleaner.children('/')) if (name !== 'zookeeper') await cleaner.deleteRecursive(`/${name}`);
    await cleaner.close();
  });

  afterAll(async () => {
    await server.stop();
  });

  async function connect(
    options: { readonly chroot?: string; readonly sessionTimeoutMs?: number } = {},
  ): Promise<ClientType> {
    const { chroot = '', sessionTimeoutMs = 10_000 } = options;
    const client = await Client.connect({ connect: `127.0.0.1:${server.clientPort}${chroot}`, sessionTimeoutMs });
    clients.push(client);
    return client;
  }

  it('does every operation', async () => {
    const client = await connect();
    await client.create('/a/b', 'x', { createParents: true });
    expect((await client.create2('/a/c', 'y', { mode: 'ephemeral' })).stat.ephemeralOwner).toBe(client.sessionId);
    expect(await client.create('/a/n-', null, { mode: 'persistent-sequential' })).toBe('/a/n-0000000002');
    expect((await client.set('/a/b', 'z')).version).toBe(1);
    expect((await client.get('/a/b')).data.toString()).toBe('z');
    expect((await client.childrenWithStat('/a')).children).toEqual(['b', 'c', 'n-0000000002']);
    expect((await client.getAcl('/a')).acl).toHaveLength(1);
    await client.sync('/a');
    await expect(client.delete('/a')).rejects.toBeInstanceOf(NotEmptyError);
    const results = await client.multiRead([
      { type: 'get', path: '/a/b' },
      { type: 'children', path: '/a' },
      { type: 'get', path: '/none' },
    ]);
    expect(results.map(({ type }) => type)).toEqual(['get', 'children', 'error']);
    await expect(client.multi([ops.set('/a/b', ''), ops.check('/a/b', 9)])).rejects.toMatchObject({ index: 1 });
    expect(await client.multi([ops.create('/m', '1'), ops.set('/m', '2'), ops.delete('/m')])).toHaveLength(3);
    expect(MultiError.name).toBe('MultiError');
  });

  itSince(3, 5)('creates znodes with a time to live', async () => {
    const client = await connect();
    await client.create('/t', '', { mode: 'ttl', ttlMs: 100_000 });
    expect(await client.exists('/t')).toBeDefined();
  });

  itSince(3, 6)('counts what is below, and lists its ephemerals', async () => {
    const client = await connect();
    await client.create('/a/b', '', { createParents: true, mode: 'ephemeral' });
    expect(await client.getEphemerals('/a')).toEqual(['/a/b']);
    expect(await client.countDescendants('/a')).toBe(1);
  });

  itSince(3, 7)('is told who it is', async () => {
    const client = await connect();
    expect((await client.whoAmI())[0]).toMatchObject({ authScheme: 'ip' });
  });

  it('proves who it is, and is told what it may not', async () => {
    const client = await connect();
    await client.addAuth('digest', 'ann:secret');
    await client.create('/mine', 'x', { acl: [{ perms: Perms.all, scheme: 'auth', id: '' }] });
    const other = await connect();
    await expect(other.get('/mine')).rejects.toBeInstanceOf(NoAuthError);
    await client.setAcl('/mine', [{ perms: Perms.all, scheme: 'world', id: 'anyone' }]);
    expect((await other.get('/mine')).data.toString()).toBe('x');
  });

  it('sees the last of many changes, through a chroot', async () => {
    const writer = await connect();
    await writer.create('/root');
    const client = await connect({ chroot: '/root' });
    const last = until(client.watchData('/value'), (node) => node?.data.toString() === '500');
    await writer.create('/root/value', '0');
    await Promise.all(Array.from({ length: 500 }, (_, n) => writer.set('/root/value', String(n + 1))));
    await last;
  });

  itSince(3, 6)('keeps watches of different kinds on one path apart, before and after a reconnect', async () => {
    const client = await connect();
    await client.create('/p', '0');
    const stop = new AbortController();
    const { signal } = stop;
    const events: string[] = [];
    let data = '';
    let children = '';
    const follow = async <T>(items: AsyncIterable<T>, note: (item: T) => void): Promise<void> => {
      for await (const item of items) note(item);
    };
    void follow(client.watchChildren('/p', { signal }), (list) => (children = list?.children.join() ?? ''));
    await when(() => client.lastZxid > 0);
    void follow(client.watchEvents('/p', { recursive: true, signal }), (event) => events.push(words(event)));
    void follow(client.watchData('/p', { signal }), (node) => (data = node?.data.toString() ?? ''));
    await when(() => data === '0' && events.length > 0);
    const writer = await connect();
    for (const round of ['1', '2']) {
      await writer.set('/p', round);
      await writer.create(`/p/${round}`);
      await writer.set(`/p/${round}`, 'x');
      await when(() => data === round && children.endsWith(round) && events.at(-1) === `changed /p/${round}`);
      if (round === '1') {
        await server.kill();
        server = await server.restart();
        await Promise.all([client.sync(), writer.sync()]);
        await when(() => events.at(-1) === 'resync');
      }
    }
    stop.abort();
  });

  itSince(3, 6)('follows one path both recursively and not', async () => {
    const client = await connect();
    await client.create('/p', '0');
    const stops = [new AbortController(), new AbortController()] as const;
    const [plain, recursive]: [string[], string[]] = [[], []];
    const follow = async (seen: string[], isRecursive: boolean): Promise<void> => {
      const { signal } = stops[isRecursive ? 1 : 0];
      for await (const event of client.watchEvents('/p', { recursive: isRecursive, signal })) seen.push(words(event));
    };
    void follow(plain, false);
    await when(() => plain.length === 1);
    void follow(recursive, true);
    await when(() => recursive.length === 1);
    await client.create('/p/a');
    await client.create('/p/a/b');
    await client.set('/p', '1');
    await when(() => recursive.length === 4 && plain.length === 3);
    expect(recursive).toEqual(['resync', 'created /p/a', 'created /p/a/b', 'changed /p']);
    expect(plain).toEqual(['resync', 'children /p', 'changed /p']);
    stops[1].abort();
    await when(() => plain.at(-1) === 'resync');
    await client.create('/p/c');
    await client.set('/p/a', '1');
    await client.set('/p', '2');
    await when(() => plain.at(-1) === 'changed /p');
    expect(plain.slice(3)).toEqual(['resync', 'children /p', 'changed /p']);
    stops[0].abort();
  });

  itSince(3, 6)('follows one path both ways, with children that it may not read', async () => {
    const client = await connect();
    const writer = await connect();
    const acl = [{ perms: Perms.all, scheme: 'digest', id: 'owner:oYfMOVyvEFVV5gYlLbMh9VXJ1rI=' }];
    await client.create('/p', '0');
    const stop = new AbortController();
    const { signal } = stop;
    const seen: string[] = [];
    void (async () => {
      for await (const event of client.watchEvents('/p', { signal })) seen.push(words(event));
    })();
    await when(() => seen.length === 1);
    let isReady = false;
    void (async () => {
      for await (const event of client.watchEvents('/p', { recursive: true, signal }))
        isReady ||= event.type === 'resync';
    })();
    await when(() => isReady);
    for (const path of ['/p/1', '/p/2']) {
      const told = seen.length;
      await writer.create(path, '', { acl });
      await when(() => seen.length > told);
    }
    for (const path of ['/p/1', '/p/2']) {
      const told = seen.length;
      await writer.delete(path);
      await when(() => seen.length > told);
    }
    expect(new Set(seen.slice(1))).toEqual(new Set(['children /p']));
    stop.abort();
  });

  it('keeps its session, its watches and its cache over a killed server', async () => {
    const client = await connect({ sessionTimeoutMs: 20_000 });
    const { sessionId } = client;
    await client.create('/mine', 'x', { mode: 'ephemeral' });
    await client.create('/tree/a', '1', { createParents: true });
    const cache = new TreeCache(client, '/tree');
    await cache.ready();
    const events: string[] = [];
    const stop = new AbortController();
    void (async () => {
      for await (const event of client.watchEvents('/tree/a', { signal: stop.signal })) events.push(words(event));
    })();
    const seen = until(client.watchData('/tree/a'), (node) => node?.data.toString() === '2');
    // A server that lacks persistent watches has hung up by then: that is how it says so.
    await when(() => events.includes('resync'));

    const states: ConnectionState[] = [];
    client.onState((state) => states.push(state));
    await server.kill();
    const reading = client.get('/tree/a');
    server = await server.restart();
    expect((await reading).data.toString()).toBe('1');
    const writer = await connect();
    await writer.set('/tree/a', '2');
    await seen;
    await when(() => cache.get('/tree/a')?.data.toString() === '2' && events.includes('changed /tree/a'));
    expect(states).toEqual(['suspended', 'reconnected']);
    expect(client.sessionId).toBe(sessionId);
    expect((await client.exists('/mine'))?.ephemeralOwner).toBe(sessionId);
    // Without persistent watches, what is told after a reconnect is found by comparison: nothing can have been missed.
    expect(events.filter((event) => event === 'resync').length).toBeGreaterThanOrEqual(knows(3, 6) ? 2 : 1);
    stop.abort();
    cache.close();
  });

  it('gets a new session when the old one is gone, and its ephemerals with it', async () => {
    const client = await connect({ sessionTimeoutMs: 4000 });
    const first = client.sessionId;
    await client.create('/mine', 'x', { mode: 'ephemeral' });
    const isLost = new Promise<void>((resolve) => {
      client.onState((state) => {
        if (state === 'lost') resolve();
      });
    });
    // Away for longer than the session lives: the client's own clock says so.
    await server.stop();
    await isLost;
    server = await server.restart();
    await client.connected();
    expect(client.sessionId).not.toBe(first);
    // The restarted server had given the old session its whole time again.
    expect(await client.exists('/mine')).toBeUndefined();
    expect(isConnected(client.state)).toBe(true);
  });

  it('fills a cache of 10,000 znodes, and hears of each change', async () => {
    const client = await connect();
    await client.create('/many');
    const names = Array.from({ length: 100 }, (_, n) => n);
    await Promise.all(names.map((s) => client.create(`/many/${s}`)));
    await Promise.all(names.flatMap((s) => names.map((n) => client.create(`/many/${s}/${n}`, 'x'))));
    const cache = new TreeCache(client, '/many');
    await cache.ready();
    expect(cache.size).toBe(10_101);
    let updates = 0;
    cache.onChange(({ type }) => {
      if (type === 'updated') updates += 1;
    });
    await Promise.all(names.map((n) => client.set(`/many/${n}/${n}`, 'y')));
    await when(() => updates === 100);
    cache.close();
  });
}

const words = (event: WatchEvent | Resync): string => ('path' in event ? `${event.type} ${event.path}` : event.type);

/** Reads a stream until an item is the one. */
async function until<T>(items: AsyncIterable<T>, isIt: (item: T) => boolean): Promise<void> {
  for await (const item of items) if (isIt(item)) return;
  throw new Error('the stream has ended before');
}

/** Waits for something that another process brings about; the test's own time limit ends it. */
async function when(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
