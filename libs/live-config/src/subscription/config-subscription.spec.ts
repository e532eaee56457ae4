import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '@corral/client';
import { ConfigStage, intercept, MemoryCopy, SCOPE } from '../config-stage.fake.js';
import { KeyRing } from '../encryption/key-ring.js';
import type { ConfigStore } from '../store/config-store.js';
import type { ConfigSnapshot } from './types.js';

let stage: ConfigStage;
let writer: Client;
let reader: Client;
let store: ConfigStore;

beforeEach(async () => {
  stage = new ConfigStage();
  writer = await stage.client();
  reader = await stage.client();
  store = stage.store(writer);
});

const yaml = (name: string, content: string, profile?: string) =>
  ({ name, format: 'yaml', content, ...(profile === undefined ? {} : { profile }) }) as const;

describe('a subscriber', () => {
  it('has an empty configuration before the first release', async () => {
    const subscription = stage.subscribe(reader);
    expect(() => subscription.current).toThrow('await ready() first');
    const snapshot = await stage.run(subscription.ready());
    expect(snapshot).toMatchObject({ release: 0, defaultsRelease: 0, values: {}, source: 'ensemble' });
    expect(subscription.isStale).toBe(false);
  });

  it('is told of every release, with what was before', async () => {
    const seen: [number, number | undefined, unknown][] = [];
    const subscription = stage.subscribe(reader);
    await stage.run(subscription.ready());
    subscription.onChange(
      (snapshot, previous) => void seen.push([snapshot.release, previous?.release, snapshot.get('a')]),
    );
    for (const a of [1, 2]) {
      await stage.publish(store, `a: ${a}\n`);
      await stage.pass(100);
    }
    expect(seen).toEqual([
      [1, 0, 1],
      [2, 1, 2],
    ]);
    expect(subscription.get('a')).toBe(2);
  });

  it('sees what its profiles say, and the defaults of its namespace as they change', async () => {
    await stage.run(store.publish({ scope: SCOPE, changes: [yaml('main', 'a: 1\n'), yaml('main', 'a: 2\n', 'dev')] }));
    const subscription = stage.subscribe(reader, { target: { ...SCOPE, profiles: ['dev'] } });
    await stage.run(subscription.ready());
    await stage.run(store.publish({ scope: { namespace: 'shop' }, changes: [yaml('base', 'a: 0\nb: 0\n')] }));
    await stage.pass(100);
    expect(subscription.current).toMatchObject({ release: 1, defaultsRelease: 1, values: { a: 2, b: 0 } });
    expect([...subscription.current.documents.keys()].sort()).toEqual(['base', 'main']);
  });

  it('is shown several quick releases as one reload after the first', async () => {
    const seen: number[] = [];
    const subscription = stage.subscribe(reader, { debounceMs: 100 });
    await stage.run(subscription.ready());
    await stage.pass(200);
    subscription.onChange(({ release }) => void seen.push(release));
    for (const a of [1, 2, 3, 4]) await stage.publish(store, `a: ${a}\n`);
    expect(seen).toEqual([1]);
    await stage.pass(100);
    expect(seen).toEqual([1, 4]);
  });

  it('keeps what it has when its validator refuses the next, and takes the one after', async () => {
    const subscription = stage.subscribe(reader, {
      instanceId: 'cart-1',
      validators: [({ values }) => (values.port === 0 ? [{ path: '/port', message: 'must not be 0' }] : [])],
    });
    await stage.publish(store, 'port: 1\n');
    await stage.pass(100);
    await stage.publish(store, 'port: 0\n');
    await stage.pass(1000);
    expect(subscription.get('port')).toBe(1);
    expect(subscription.lastFailure).toEqual({ release: 2, defaultsRelease: 0, error: '/port: must not be 0' });
    const report = await stage.run(store.acknowledgement(SCOPE, 2));
    expect(report).toMatchObject({
      acknowledged: 0,
      failed: [{ instanceId: 'cart-1', error: '/port: must not be 0' }],
    });
    await stage.publish(store, 'port: 3\n');
    await stage.pass(1000);
    expect([subscription.get('port'), subscription.lastFailure]).toEqual([3, undefined]);
  });

  it('gets large releases whole, too', async () => {
    const content = randomBytes(1_000_000).toString('base64');
    const subscription = stage.subscribe(reader);
    await stage.run(subscription.ready());
    await stage.run(
      store.publish({ scope: SCOPE, changes: [{ name: 'big', format: 'text', content }, yaml('main', 'a: 1\n')] }),
    );
    await stage.pass(1000);
    expect(subscription.current.documents.get('big')?.content).toBe(content);
    expect(subscription.get('a')).toBe(1);
  });

  it('decrypts with its key ring, and refuses a release without the key', async () => {
    const keys = new KeyRing([{ id: 'k', key: randomBytes(32) }]);
    const knowing = stage.subscribe(reader, { keys });
    const ignorant = stage.subscribe(reader);
    await stage.run(Promise.all([knowing.ready(), ignorant.ready()]));
    await stage.publish(stage.store(writer, { keys }), 'p: "{encrypt}secret"\n');
    await stage.pass(1000);
    expect(knowing.get('p')).toBe('secret');
    expect(ignorant.current.release).toBe(0);
    expect(ignorant.lastFailure?.error).toContain('needs the key "k"');
  });

  it('yields snapshots to a loop: the newest at once, then each change', async () => {
    await stage.publish(store, 'a: 1\n');
    const subscription = stage.subscribe(reader);
    const seen: number[] = [];
    const loop = (async () => {
      for await (const { release } of subscription.snapshots()) seen.push(release);
    })();
    await stage.pass(100);
    await stage.publish(store, 'a: 2\n');
    await stage.pass(100);
    await stage.run(subscription.close());
    await stage.run(loop);
    expect(seen).toEqual([1, 2]);
  });

  it('waits for its first configuration no longer than it is told', async () => {
    stage.ensemble.cut(reader);
    const subscription = stage.subscribe(reader);
    const stop = new AbortController();
    const ready = subscription.ready({ signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(stage.run(ready)).rejects.toThrow('enough');
    const other = subscription.ready();
    await stage.run(subscription.close());
    await expect(stage.run(other)).rejects.toThrow('closed before');
  });

  it.each([
    [{ instanceId: 'a/b' }, 'instanceId'],
    [{ target: { namespace: '..', application: 'x' } }, 'namespace'],
    [{ debounceMs: -1 }, 'debounceMs'],
    [{ localCopy: { store: new MemoryCopy(), encrypt: true } }, 'localCopy.encrypt needs a key ring'],
  ])('with %j is refused', (options, message) => {
    expect(() => stage.subscribe(reader, options)).toThrow(message);
  });
});

describe('acknowledgements', () => {
  it('let publish wait for a share of the subscribers, and name those that lag or failed', async () => {
    const clients = await Promise.all(Array.from({ length: 10 }, () => stage.client()));
    const subscriptions = clients.map((client, i) => stage.subscribe(client, { instanceId: `cart-${i}` }));
    await stage.pass(1000);
    subscriptions[3]!.onChange(() => Promise.reject(new Error('port is taken')));
    stage.ensemble.silence(clients[7]!);
    const publish = store.publish(
      { scope: SCOPE, changes: [yaml('main', 'a: 1\n')] },
      { wait: { share: 0.9, timeoutMs: 3000 } },
    );
    const { acknowledgement } = await stage.runFor(4000, publish);
    expect(acknowledgement).toEqual({
      release: 1,
      subscribers: 10,
      acknowledged: 8,
      reached: false,
      lagging: ['cart-7'],
      failed: [{ instanceId: 'cart-3', error: 'a handler failed: port is taken' }],
      laggingCount: 1,
      failedCount: 1,
    });
  });

  it('end the wait as soon as the share is reached', async () => {
    const subscription = stage.subscribe(reader);
    await stage.pass(1000);
    const publish = store.publish(
      { scope: SCOPE, changes: [yaml('main', 'a: 1\n')] },
      { wait: { share: 1, timeoutMs: 30_000 } },
    );
    const { acknowledgement } = await stage.runFor(1000, publish);
    expect(acknowledgement).toMatchObject({ subscribers: 1, acknowledged: 1, reached: true });
    await stage.run(subscription.close());
    expect(await stage.run(store.subscribers(SCOPE))).toEqual([]);
  });

  it('of the defaults come from every application of the namespace', async () => {
    stage.subscribe(reader, { instanceId: 'a' });
    stage.subscribe(writer, { instanceId: 'b', target: { namespace: 'shop', application: 'till' } });
    await stage.pass(1000);
    const scope = { namespace: 'shop' };
    const publish = store.publish(
      { scope, changes: [yaml('base', 'a: 1\n')] },
      { wait: { share: 1, timeoutMs: 5000 } },
    );
    expect((await stage.runFor(2000, publish)).acknowledgement).toMatchObject({ subscribers: 2, acknowledged: 2 });
  });

  it('are there again after the session was lost, and gone with a client that is gone', async () => {
    stage.subscribe(reader, { instanceId: 'a', labels: { zone: 'eu' } });
    await stage.publish(store, 'a: 1\n');
    await stage.pass(1000);
    stage.ensemble.expire(reader);
    await stage.pass(10_000);
    expect(await stage.run(store.subscribers(SCOPE))).toMatchObject([
      { instanceId: 'a', release: 1, labels: { zone: 'eu' } },
    ]);
    await stage.run(reader.close());
    expect(await stage.run(store.subscribers(SCOPE))).toEqual([]);
  });

  it('are gone with a subscription that is closed while its first report is on its way', async () => {
    await stage.publish(store, 'a: 1\n');
    let closed: Promise<void> | undefined;
    const hasty = intercept(reader, 'create', (create) => {
      const created = create();
      // It is sent by then, and not answered.
      stage.clock.after(0, () => {
        closed = subscription.close();
      });
      return created;
    });
    const subscription = stage.subscribe(hasty, { instanceId: 'a' });
    await stage.pass(1000);
    await closed;
    expect(closed).toBeDefined();
    expect(await stage.run(store.subscribers(SCOPE))).toEqual([]);
  });

  it('stay when the process that is replaced closes after its successor has reported', async () => {
    const before = stage.subscribe(reader, { instanceId: 'a' });
    await stage.pass(1000);
    stage.subscribe(await stage.client(), { instanceId: 'a' });
    await stage.pass(1000);
    await stage.run(before.close());
    expect(await stage.run(store.subscribers(SCOPE))).toMatchObject([{ instanceId: 'a' }]);
  });

  it('take over what an earlier session of the same instance left behind', async () => {
    stage.subscribe(reader, { instanceId: 'a' });
    await stage.pass(1000);
    stage.ensemble.cut(reader);
    const again = await stage.client();
    stage.subscribe(again, { instanceId: 'a' });
    await stage.pass(1000);
    await stage.publish(store, 'a: 1\n');
    await stage.pass(20_000);
    expect(await stage.run(store.subscribers(SCOPE))).toMatchObject([{ instanceId: 'a', release: 1 }]);
  });
});

describe('without the ensemble', () => {
  it('the last state is kept and said to be stale; all goes on by itself when the ensemble is back', async () => {
    const subscription = stage.subscribe(reader);
    await stage.publish(store, 'a: 1\n');
    await stage.run(subscription.ready());
    stage.ensemble.cut(reader);
    await stage.publish(store, 'a: 2\n');
    await stage.pass(60_000);
    expect([subscription.get('a'), subscription.isStale, subscription.source]).toEqual([1, true, 'ensemble']);
    stage.ensemble.heal(reader);
    await stage.pass(30_000);
    expect([subscription.get('a'), subscription.isStale]).toEqual([2, false]);
    const report = await stage.run(store.acknowledgement(SCOPE, 2));
    expect(report).toMatchObject({ subscribers: 1, acknowledged: 1 });
  });

  it("a start shows the local copy, says so, and takes the ensemble's when it can", async () => {
    const copy = new MemoryCopy();
    const localCopy = { store: copy, afterMs: 1000 };
    await stage.publish(store, 'a: 1\n');
    const first = stage.subscribe(reader, { localCopy });
    await stage.run(first.ready());
    await stage.pass(100);
    await stage.run(first.close());
    const savedAtMs = stage.clock.nowMs() - 100;

    const late = await stage.client();
    stage.ensemble.cut(late);
    const changes: ConfigSnapshot[] = [];
    const second = stage.subscribe(late, { localCopy });
    second.onChange((snapshot) => void changes.push(snapshot));
    await stage.pass(999);
    expect(second.source).toBeUndefined();
    await stage.pass(1);
    expect([second.source, second.isStale, second.get('a')]).toEqual(['local-copy', true, 1]);
    expect(second.current.savedAtMs).toBe(savedAtMs);

    await stage.publish(store, 'a: 2\n');
    stage.ensemble.heal(late);
    await stage.pass(30_000);
    expect([second.source, second.isStale, second.get('a'), second.current.savedAtMs]).toEqual([
      'ensemble',
      false,
      2,
      undefined,
    ]);
    expect(changes.map(({ source, release }) => [source, release])).toEqual([
      ['local-copy', 1],
      ['ensemble', 2],
    ]);
  });

  it('a damaged copy, or one that the validator refuses, is not used', async () => {
    const copy = new MemoryCopy();
    await stage.publish(store, 'a: 1\n');
    const first = stage.subscribe(reader, { localCopy: { store: copy } });
    await stage.run(first.ready());
    await stage.pass(100);
    const late = await stage.client();
    stage.ensemble.cut(late);
    const strict = stage.subscribe(late, {
      localCopy: { store: copy },
      validators: [() => [{ path: '/a', message: 'no' }]],
    });
    const bytes = Buffer.from(copy.bytes!);
    bytes[bytes.length - 3]! ^= 1;
    const damaged = new MemoryCopy();
    damaged.bytes = bytes;
    const warnings: unknown[] = [];
    const other = stage.subscribe(late, {
      localCopy: { store: damaged },
      logger: (_level, message) => void warnings.push(message),
    });
    await stage.pass(5000);
    expect([strict.source, other.source]).toEqual([undefined, undefined]);
    expect(warnings).toContain('the local copy of the configuration cannot be used');
  });

  it('encrypted values are not in the clear in the copy', async () => {
    const keys = new KeyRing([{ id: 'k', key: randomBytes(32) }]);
    const copy = new MemoryCopy();
    await stage.publish(stage.store(writer, { keys }), 'p: "{encrypt}s3cret"\n');
    const subscription = stage.subscribe(reader, { keys, localCopy: { store: copy } });
    await stage.run(subscription.ready());
    await stage.pass(100);
    expect(subscription.get('p')).toBe('s3cret');
    expect(copy.bytes!.length).toBeGreaterThan(100);
    expect(Buffer.from(copy.bytes!).includes('s3cret')).toBe(false);
  });
});
