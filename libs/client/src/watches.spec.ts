import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Client, ops, type Resync, TooManyWatchesError, type WatchEvent, type Znode } from '@corral/client';
import { TestEnsemble } from '@corral/client/testing';
import { Perms } from '@corral/model';

let ensemble: TestEnsemble;
let client: Client;
let writer: Client;

beforeEach(async () => {
  ensemble = new TestEnsemble();
  client = await ensemble.connect({ sessionTimeoutMs: 4000 });
  writer = await ensemble.connect();
});

afterEach(async () => {
  await ensemble.result(Promise.all([client.close(), writer.close()]));
});

const done = <T>(promise: Promise<T>): Promise<T> => ensemble.result(promise);

/** Reads a stream to its end, noting what it yields. */
function collect<T, R>(
  items: AsyncIterable<T>,
  note: (item: T) => R,
): { readonly seen: R[]; readonly end: Promise<void> } {
  const seen: R[] = [];
  const end = (async () => {
    for await (const item of items) seen.push(note(item));
  })();
  end.catch(() => undefined);
  return { seen, end };
}

const text = (node: Znode | undefined): string => node?.data.toString() ?? 'absent';
const names = (list: { children: string[] } | undefined): string => list?.children.join() ?? 'absent';
const words = (event: WatchEvent | Resync): string => ('path' in event ? `${event.type} ${event.path}` : event.type);

describe('a one-shot watch', () => {
  const watcherOf = (heard: string[]) => (event: WatchEvent) => heard.push(words(event));

  it('tells once, of data, children and existence', async () => {
    const heard: string[] = [];
    await done(writer.create('/a', 'x'));
    await done(client.getWithWatch('/a', watcherOf(heard)));
    await done(client.childrenWithWatch('/a', watcherOf(heard)));
    expect(await done(client.existsWithWatch('/b', watcherOf(heard)))).toBeUndefined();
    await done(writer.set('/a', 'y'));
    await done(writer.set('/a', 'z'));
    await done(writer.create('/a/child'));
    await done(writer.create('/b'));
    expect(heard).toEqual(['changed /a', 'children /a', 'created /b']);
  });

  it('hears after a reconnect what happened meanwhile', async () => {
    const heard: string[] = [];
    await done(writer.create('/a', 'x'));
    await done(client.getWithWatch('/a', watcherOf(heard)));
    await done(client.existsWithWatch('/b', watcherOf(heard)));
    await done(client.childrenWithWatch('/', watcherOf(heard)));
    ensemble.cut(client);
    await done(writer.set('/a', 'y'));
    await done(writer.create('/b'));
    ensemble.heal(client);
    await ensemble.pass(2000);
    expect(heard.sort()).toEqual(['changed /a', 'children /', 'created /b']);
  });

  it('lives on in the next session', async () => {
    const heard: string[] = [];
    await done(client.existsWithWatch('/a', watcherOf(heard)));
    ensemble.expire(client);
    await ensemble.pass(2000);
    await done(writer.create('/a'));
    expect(heard).toEqual(['created /a']);
  });

  it('is not called after it was removed', async () => {
    const heard: string[] = [];
    const watcher = watcherOf(heard);
    await done(client.existsWithWatch('/a', watcher));
    client.removeWatcher('/a', watcher);
    await done(writer.create('/a'));
    expect(heard).toEqual([]);
  });

  it('that throws harms nobody', async () => {
    const heard: string[] = [];
    await done(
      client.existsWithWatch('/a', () => {
        throw new Error('a watcher');
      }),
    );
    await done(client.existsWithWatch('/a', watcherOf(heard)));
    await done(writer.create('/a'));
    expect(heard).toEqual(['created /a']);
    expect(client.state).toBe('connected');
  });
});

describe('watchData', () => {
  it('yields the present value, then each change, and undefined while there is no znode', async () => {
    const stop = new AbortController();
    const { seen, end } = collect(client.watchData('/a', { signal: stop.signal }), text);
    await ensemble.settle();
    await done(writer.create('/a', 'one'));
    await done(writer.set('/a', 'two'));
    await done(writer.delete('/a'));
    await done(writer.create('/a', 'three'));
    stop.abort();
    await end;
    expect(seen).toEqual(['absent', 'one', 'two', 'absent', 'three']);
  });

  it('ends on the last value, however fast changes come and whatever the connection does', async () => {
    await done(writer.create('/a', '0'));
    const { seen } = collect(client.watchData('/a'), text);
    await ensemble.settle();
    for (let round = 1; round <= 50; round += 1) {
      const writing = [1, 2, 3].map((n) => writer.set('/a', `${round}.${n}`));
      if (round % 5 === 0) ensemble.drop(client);
      if (round % 10 === 0) ensemble.expire(client);
      await done(Promise.all(writing));
      if (round % 3 === 0) await ensemble.pass(200);
    }
    await ensemble.pass(3000);
    expect(seen.at(-1)).toBe('50.3');
  });

  it('catches a change that falls between reading and watching', async () => {
    const { seen } = collect(client.watchData('/a'), text);
    // The stream's first read and this create are in one turn: whichever comes first, the value is seen.
    await done(writer.create('/a', 'one'));
    expect(seen.at(-1)).toBe('one');
  });

  it('gives a slow reader the newest value only', async () => {
    await done(writer.create('/a', '0'));
    const values = client.watchData('/a')[Symbol.asyncIterator]();
    const nextText = async (): Promise<string> => text((await done(values.next())).value as Znode | undefined);
    expect(await nextText()).toBe('0');
    for (const n of [1, 2, 3]) await done(writer.set('/a', String(n)));
    expect(await nextText()).toBe('3');
    await values.return?.();
  });

  it('says the same value once, also over a new session', async () => {
    await done(writer.create('/a', 'same'));
    const { seen } = collect(client.watchData('/a'), text);
    await ensemble.settle();
    ensemble.expire(client);
    await ensemble.pass(2000);
    expect(seen).toEqual(['same']);
  });

  it('ends when the client is closed', async () => {
    const { seen, end } = collect(client.watchData('/a'), text);
    await ensemble.settle();
    await done(client.close());
    await end;
    expect(seen).toEqual(['absent']);
  });
});

describe('watchChildren', () => {
  it('yields the names, sorted, over reconnects', async () => {
    const { seen } = collect(client.watchChildren('/p'), names);
    await ensemble.settle();
    await done(writer.create('/p'));
    await done(writer.create('/p/b'));
    ensemble.cut(client);
    await done(writer.create('/p/a'));
    ensemble.heal(client);
    await ensemble.pass(2000);
    await done(writer.deleteRecursive('/p'));
    expect(seen[0]).toBe('absent');
    expect(seen).toContain('a,b');
    expect(seen.at(-1)).toBe('absent');
  });
});

describe('watchEvents', () => {
  it('begins with a resync, then tells of everything below', async () => {
    const { seen } = collect(client.watchEvents('/', { recursive: true }), words);
    await ensemble.settle();
    await done(writer.create('/a'));
    await done(writer.create('/a/b'));
    await done(writer.set('/a/b', 'x'));
    await done(writer.delete('/a/b'));
    expect(seen).toEqual(['resync', 'created /a', 'created /a/b', 'changed /a/b', 'deleted /a/b']);
  });

  it('that is not recursive tells of the znode and its list of children', async () => {
    const { seen } = collect(client.watchEvents('/a'), words);
    await ensemble.settle();
    await done(writer.create('/a'));
    await done(writer.create('/a/b'));
    await done(writer.set('/a/b', 'x'));
    expect(seen).toEqual(['resync', 'created /a', 'children /a']);
  });

  it.each(['drop', 'expire'] as const)('says resync after %s, and goes on', async (trouble) => {
    const { seen } = collect(client.watchEvents('/', { recursive: true }), words);
    await ensemble.settle();
    ensemble[trouble](client);
    await ensemble.pass(2000);
    await done(writer.create('/a'));
    expect(seen).toEqual(['resync', 'resync', 'created /a']);
  });

  it('leaves other watches of the path in place when it ends', async () => {
    const heard: string[] = [];
    const stop = new AbortController();
    const { end } = collect(client.watchEvents('/a', { signal: stop.signal }), words);
    const other = collect(client.watchEvents('/a', { recursive: true }), words);
    await ensemble.settle();
    await done(client.existsWithWatch('/a', (event) => heard.push(words(event))));
    stop.abort();
    await end;
    await ensemble.settle();
    await done(writer.create('/a'));
    await done(writer.set('/a', 'x'));
    expect(heard).toEqual(['created /a']);
    expect(other.seen).toEqual(['resync', 'created /a', 'changed /a']);
  });

  it('of both kinds on one path tells each its own, whichever comes first and whichever leaves', async () => {
    for (const first of [true, false]) {
      const path = `/both-${first}`;
      await done(writer.create(path));
      const stops = [new AbortController(), new AbortController()];
      const follow = (recursive: boolean): string[] => {
        const { signal } = stops[recursive ? 0 : 1]!;
        return collect(client.watchEvents(path, { recursive, signal }), words).seen;
      };
      const one = follow(first);
      await ensemble.settle();
      const other = follow(!first);
      await ensemble.settle();
      const [recursive, plain] = first ? [one, other] : [other, one];
      await done(writer.create(`${path}/a`));
      await done(writer.create(`${path}/a/b`));
      await done(writer.set(path, 'x'));
      ensemble.drop(client);
      await ensemble.pass(1000);
      await done(writer.delete(`${path}/a/b`));
      await done(writer.delete(`${path}/a`));
      const created = [`created ${path}/a`, `created ${path}/a/b`, `changed ${path}`];
      expect(recursive).toEqual(['resync', ...created, 'resync', `deleted ${path}/a/b`, `deleted ${path}/a`]);
      expect(plain).toEqual(['resync', `children ${path}`, `changed ${path}`, 'resync', `children ${path}`]);
      stops[0]!.abort();
      await ensemble.settle();
      await done(writer.create(`${path}/c`));
      await done(writer.create(`${path}/c/d`));
      expect(plain.slice(5)).toEqual(['resync', `children ${path}`]);
      stops[1]!.abort();
      await ensemble.settle();
      expect(ensemble.watchCount).toBe(0);
    }
  });

  describe('of both kinds on one path, with children that the client may not read', () => {
    const secret = [{ perms: Perms.all, scheme: 'digest', id: 'owner:oYfMOVyvEFVV5gYlLbMh9VXJ1rI=' }];
    const hide = (path: string): Promise<unknown> => done(writer.create(path, '', { acl: secret }));

    beforeEach(async () => {
      await done(writer.create('/p'));
    });

    it.each([true, false])('tells that the list has changed, the recursive one first: %s', async (first) => {
      const one = collect(client.watchEvents('/p', { recursive: first }), words);
      await ensemble.settle();
      const other = collect(client.watchEvents('/p', { recursive: !first }), words);
      await ensemble.settle();
      const [recursive, plain] = first ? [one.seen, other.seen] : [other.seen, one.seen];
      await hide('/p/secret');
      expect(plain).toEqual(['resync', 'children /p']);
      await done(writer.create('/p/a'));
      await hide('/p/secret2');
      await done(writer.delete('/p/secret'));
      await done(writer.set('/p', 'x'));
      expect(plain.slice(2)).toEqual(['children /p', 'children /p', 'children /p', 'changed /p']);
      expect(recursive).toEqual(['resync', 'created /p/a', 'changed /p']);
      ensemble.drop(client);
      await ensemble.pass(1000);
      await hide('/p/secret3');
      expect(plain.slice(6)).toEqual(['resync', 'children /p']);
    });

    it('tells once more of what came while a first change was told', async () => {
      collect(client.watchEvents('/p', { recursive: true }), words);
      await ensemble.settle();
      const { seen } = collect(client.watchEvents('/p'), words);
      await ensemble.settle();
      await done(writer.multi([1, 2].map((n) => ops.create(`/p/${n}`, '', { acl: secret }))));
      expect(seen).toEqual(['resync', 'children /p', 'children /p']);
    });

    it('never ends on an older list, however fast changes come', async () => {
      const { seen: recursive } = collect(client.watchEvents('/p', { recursive: true }), words);
      let listed = '';
      let isReading = false;
      void (async () => {
        for await (const _event of client.watchEvents('/p')) {
          isReading = true;
          listed = (await client.children('/p')).join();
          isReading = false;
        }
      })();
      await ensemble.settle();
      await done(
        Promise.all(
          Array.from({ length: 20 }, (_, n) => writer.create(`/p/${n}`, '', n % 3 === 0 ? {} : { acl: secret })),
        ),
      );
      expect([isReading, listed]).toEqual([false, (await done(client.children('/p'))).join()]);
      expect(recursive).toHaveLength(8);
    });

    it('begins again when there is such a znode again, and leaves nothing behind', async () => {
      const stop = new AbortController();
      const { signal } = stop;
      const { seen } = collect(client.watchEvents('/p', { signal }), words);
      await ensemble.settle();
      collect(client.watchEvents('/p', { recursive: true, signal }), words);
      await ensemble.settle();
      await done(writer.delete('/p'));
      await done(writer.create('/p'));
      await hide('/p/secret');
      expect(seen).toEqual(['resync', 'deleted /p', 'created /p', 'children /p']);
      stop.abort();
      await ensemble.settle();
      expect(ensemble.watchCount).toBe(0);
    });
  });

  it('leaves a watch on the list of children in place, beside both kinds', async () => {
    const heard: string[] = [];
    await done(writer.create('/p'));
    for (const recursive of [false, true]) collect(client.watchEvents('/p', { recursive }), words);
    await ensemble.settle();
    await done(client.childrenWithWatch('/p', (event) => heard.push(words(event))));
    await done(writer.create('/p/a'));
    await done(writer.create('/p/b'));
    expect(heard).toEqual(['children /p']);
  });

  it('stops the server from telling, when nobody listens any more', async () => {
    const stop = new AbortController();
    collect(client.watchEvents('/a', { signal: stop.signal }), words);
    await ensemble.settle();
    stop.abort();
    await ensemble.settle();
    expect(ensemble.watchCount).toBe(0);
  });

  it('tells a reader who falls far behind to read everything anew', async () => {
    const events = client.watchEvents('/', { recursive: true })[Symbol.asyncIterator]();
    await done(events.next());
    for (let n = 0; n < 11; n += 1) {
      await done(Promise.all(Array.from({ length: 1000 }, (_, m) => writer.create(`/n${n}-${m}`))));
    }
    expect(words((await done(events.next())).value as Resync)).toBe('resync');
    await events.return?.();
  });
});

describe('more watches than allowed', () => {
  const listening = (): void => undefined;

  it('are refused, by path and with the option that says how many', async () => {
    const bounded = await ensemble.connect({ watchesMax: 3 });
    const watches = ['/1', '/2', '/3'].map((path) => bounded.existsWithWatch(path, listening));
    await done(Promise.all(watches));
    const refused = expect(done(bounded.getWithWatch('/', listening))).rejects;
    await refused.toEqual(new TooManyWatchesError('/', 3));
    const stream = bounded.watchEvents('/', { recursive: true })[Symbol.asyncIterator]();
    await expect(done(stream.next())).rejects.toBeInstanceOf(TooManyWatchesError);
    expect(await done(bounded.children('/'))).toEqual(['zookeeper']);
    await done(bounded.close());
  });

  it('can be set once others are used up, removed or ended', async () => {
    const bounded = await ensemble.connect({ watchesMax: 3 });
    const [used, removed] = [(): void => undefined, (): void => undefined];
    const stop = new AbortController();
    for (let round = 0; round < 5; round += 1) {
      await done(bounded.existsWithWatch('/used', used));
      await done(bounded.existsWithWatch('/used', used));
      await done(bounded.existsWithWatch('/removed', removed));
      const stream = bounded.watchEvents('/', { signal: stop.signal })[Symbol.asyncIterator]();
      await done(stream.next());
      await expect(done(bounded.existsWithWatch('/more', listening))).rejects.toBeInstanceOf(TooManyWatchesError);
      await done(writer.create('/used'));
      bounded.removeWatcher('/removed', removed);
      await done(stream.return!());
      await done(writer.delete('/used'));
    }
    await done(bounded.close());
  });
});

describe('with a chroot', () => {
  it('paths are those below it, in answers and in events', async () => {
    await done(writer.create('/shop'));
    const inside = await ensemble.connect({ connect: 'a:1,b:2/shop' });
    const { seen } = collect(inside.watchEvents('/', { recursive: true }), words);
    await ensemble.settle();
    expect(await done(inside.create('/tea', '1', { mode: 'ephemeral-sequential' }))).toBe('/tea0000000000');
    expect(await done(inside.children('/'))).toEqual(['tea0000000000']);
    expect(await done(inside.getEphemerals())).toEqual(['/tea0000000000']);
    expect(await done(writer.children('/shop'))).toEqual(['tea0000000000']);
    await done(writer.set('/shop', 'x'));
    expect(seen).toEqual(['resync', 'created /tea0000000000', 'changed /']);
    await done(inside.close());
  });
});
