import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Client, ConnectionLossError, type Resync, UnimplementedError, type WatchEvent } from '@corral/client';
import { TestEnsemble } from '@corral/client/testing';
import { OpCode } from '@corral/model';

/** What ZooKeeper 3.4 does not know. */
const LACKING = new Set<OpCode>([
  OpCode.create2,
  OpCode.createContainer,
  OpCode.createTtl,
  OpCode.removeWatches,
  OpCode.multiRead,
  OpCode.setWatches2,
  OpCode.addWatch,
  OpCode.whoAmI,
]);

let ensemble: TestEnsemble;
let client: Client;
let writer: Client;
let requests: OpCode[];

async function begin(isMute: boolean): Promise<void> {
  requests = [];
  ensemble = new TestEnsemble({}, { lacking: LACKING, isMute, onRequest: (type) => requests.push(type) });
  client = await ensemble.connect();
  writer = await ensemble.connect();
}

afterEach(async () => {
  await ensemble.result(Promise.all([client.close(), writer.close()]));
});

/** The server hangs up at what it does not know, so the answer needs a reconnect. */
async function patiently<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  await ensemble.pass(1000);
  return promise;
}

const words = (event: WatchEvent | Resync): string => ('path' in event ? `${event.type} ${event.path}` : event.type);

describe('on a server of old', () => {
  beforeEach(() => begin(false));

  it('create2 is a create and a look at the stat', async () => {
    const { path, stat } = await patiently(client.create2('/a', 'x'));
    expect([path, stat.dataLength]).toEqual(['/a', 1]);
  });

  it('a container is a persistent znode', async () => {
    await patiently(client.ensurePath('/a/b/c'));
    expect((await patiently(client.exists('/a/b')))?.ephemeralOwner).toBe(0n);
  });

  it('what is missing is found out once', async () => {
    await patiently(client.create2('/a'));
    await patiently(client.create2('/b'));
    expect(requests.filter((type) => type === OpCode.create2)).toHaveLength(1);
  });

  it('many reads are many requests, with the same results', async () => {
    await patiently(writer.create('/a', 'x'));
    const results = await patiently(
      client.multiRead([
        { type: 'get', path: '/a' },
        { type: 'children', path: '/' },
        { type: 'get', path: '/none' },
      ]),
    );
    expect(results.map(({ type }) => type)).toEqual(['get', 'children', 'error']);
  });

  it('what has no other way fails with the class for it', async () => {
    await expect(patiently(client.create('/t', '', { mode: 'ttl', ttlMs: 10 }))).rejects.toBeInstanceOf(
      UnimplementedError,
    );
  });

  it('the events of one znode come from one-shot watches', async () => {
    const seen: string[] = [];
    void (async () => {
      for await (const event of client.watchEvents('/a')) seen.push(words(event));
    })();
    await ensemble.pass(1000);
    await patiently(writer.create('/a'));
    await patiently(writer.set('/a', 'x'));
    await patiently(writer.create('/a/b'));
    ensemble.drop(client);
    await patiently(writer.set('/a', 'y'));
    await patiently(writer.deleteRecursive('/a'));
    expect(seen).toEqual([
      'resync',
      'created /a',
      'changed /a',
      'children /a',
      'changed /a',
      'children /a',
      'deleted /a',
    ]);
    expect(requests).not.toContain(OpCode.setWatches2);
  });

  it('the events of a subtree cannot be had', async () => {
    const first = client.watchEvents('/', { recursive: true })[Symbol.asyncIterator]().next();
    await expect(patiently(first)).rejects.toBeInstanceOf(UnimplementedError);
  });
});

describe('on a server of old that hangs up without a word', () => {
  beforeEach(() => begin(true));

  it('many reads are many requests, once it has hung up three times', async () => {
    await patiently(writer.create('/a', 'x'));
    const read = (): Promise<unknown[]> => patiently(client.multiRead([{ type: 'get', path: '/a' }]));
    expect(await read()).toHaveLength(1);
    expect(await read()).toHaveLength(1);
    expect(requests.filter((type) => type === OpCode.multiRead)).toHaveLength(3);
  });

  it('what has no other way fails with the class for it, and says why', async () => {
    const asked = patiently(client.whoAmI());
    await expect(asked).rejects.toBeInstanceOf(UnimplementedError);
    await expect(asked).rejects.toMatchObject({ cause: { message: 'the server hangs up each time it is asked' } });
    expect((await patiently(client.children('/')))[0]).toBe('zookeeper');
  });

  it('a create in a form that it lacks has an unknown outcome, until the form is known to be lacking', async () => {
    for (const path of ['/a', '/b', '/c']) {
      await expect(patiently(client.create2(path))).rejects.toBeInstanceOf(ConnectionLossError);
    }
    expect((await patiently(client.create2('/d'))).path).toBe('/d');
  });

  it('the events of one znode come from one-shot watches', async () => {
    const seen: string[] = [];
    void (async () => {
      for await (const event of client.watchEvents('/a')) seen.push(words(event));
    })();
    await ensemble.pass(1000);
    await patiently(writer.create('/a'));
    ensemble.drop(client);
    await patiently(writer.set('/a', 'x'));
    expect(seen).toEqual(['resync', 'created /a', 'changed /a']);
    const before = requests.length;
    await ensemble.pass(2000);
    expect(requests.slice(before).filter((type) => type !== OpCode.ping)).toEqual([]);
  });

  it('a connection that breaks at such an operation now and then says nothing', async () => {
    await begin(false);
    for (let round = 0; round < 5; round += 1) {
      const asked = client.countDescendants('/');
      ensemble.untilRequest(OpCode.getAllChildrenNumber);
      ensemble.drop(client);
      expect(await patiently(asked)).toBeGreaterThan(0);
    }
  });
});
