import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Client, ClientClosedError } from '@corral/client';
import { TestEnsemble } from '@corral/client/testing';
import type { TreeChange } from './cached-tree.js';
import { TreeCache, type TreeCacheOptions } from './tree-cache.js';

let ensemble: TestEnsemble;
let client: Client;
let writer: Client;
let caches: TreeCache[];

beforeEach(async () => {
  ensemble = new TestEnsemble();
  client = await ensemble.connect({ sessionTimeoutMs: 4000 });
  writer = await ensemble.connect();
  caches = [];
});

afterEach(async () => {
  for (const cache of caches) cache.close();
  await ensemble.result(Promise.all([client.close(), writer.close()]));
});

const done = <T>(promise: Promise<T>): Promise<T> => ensemble.result(promise);

function open(root: string, options?: TreeCacheOptions): { cache: TreeCache; changes: string[] } {
  const cache = new TreeCache(client, root, options);
  const changes: string[] = [];
  cache.onChange((change) => changes.push(words(change)));
  caches.push(cache);
  return { cache, changes };
}

const words = (change: TreeChange): string =>
  `${change.type} ${change.path} ${(change.type === 'removed' ? change.previous : change.node).data.toString()}`.trim();

const contents = (cache: TreeCache): string[] =>
  [...cache.paths()].sort().map((path) => `${path}=${cache.get(path)?.data.toString()}`);

/** What the server has below the root, read the plain way. */
async function truth(path: string): Promise<string[]> {
  const node = await writer.getOrUndefined(path);
  if (node === undefined) return [];
  const below = await Promise.all((await writer.children(path)).map((name) => truth(`${path}/${name}`)));
  return [`${path}=${node.data.toString()}`, ...below.flat()].sort();
}

describe('a tree cache', () => {
  it('holds the subtree once it is ready, and nothing else', async () => {
    await done(writer.create('/s/a/1', 'one', { createParents: true }));
    await done(writer.create('/s/b', 'two'));
    await done(writer.create('/sibling'));
    const { cache } = open('/s');
    expect(cache.isStale).toBe(true);
    await done(cache.ready());
    expect(cache.state).toBe('current');
    expect(contents(cache)).toEqual(['/s=', '/s/a=', '/s/a/1=one', '/s/b=two']);
    expect(cache.children('/s')).toEqual(['a', 'b']);
    expect(cache.revision).toBeGreaterThan(0);
  });

  it('tells each change exactly once, in order', async () => {
    await done(writer.create('/s', 'x'));
    const { cache, changes } = open('/s');
    await done(cache.ready());
    changes.length = 0;
    await done(writer.create('/s/a', '1'));
    await done(writer.set('/s/a', '2'));
    await done(writer.create('/s/a/b', '3'));
    await done(writer.deleteRecursive('/s/a'));
    expect(changes).toEqual(['added /s/a 1', 'updated /s/a 2', 'added /s/a/b 3', 'removed /s/a/b 3', 'removed /s/a 2']);
  });

  it('waits for a root that does not exist yet', async () => {
    const { cache, changes } = open('/s');
    await done(cache.ready());
    expect(cache.size).toBe(0);
    await done(writer.create('/s', 'x'));
    await done(writer.create('/s/a', 'y'));
    expect(changes).toEqual(['added /s x', 'added /s/a y']);
  });

  it('keeps no more than the depth asked for', async () => {
    await done(writer.create('/s/a/1/2', '', { createParents: true }));
    const { cache } = open('/s', { maxDepth: 1 });
    await done(cache.ready());
    await done(writer.create('/s/b'));
    await done(writer.create('/s/b/1'));
    expect(contents(cache)).toEqual(['/s=', '/s/a=', '/s/b=']);
  });

  it('keeps what it knows while the ensemble is away, says so, and then tells what has changed', async () => {
    await done(writer.create('/s/gone', 'x', { createParents: true }));
    await done(writer.create('/s/changed', 'x'));
    await done(writer.create('/s/anew', 'x'));
    const { cache, changes } = open('/s');
    await done(cache.ready());
    changes.length = 0;
    ensemble.cut(client);
    await ensemble.settle();
    expect(cache.state).toBe('stale');
    await done(writer.delete('/s/gone'));
    await done(writer.set('/s/changed', 'y'));
    await done(writer.create('/s/new', 'z'));
    await done(writer.delete('/s/anew'));
    await done(writer.create('/s/anew', 'again'));
    expect(cache.size).toBe(4);
    ensemble.heal(client);
    await ensemble.pass(2000);
    expect(cache.state).toBe('current');
    expect(changes.sort()).toEqual([
      'added /s/anew again',
      'added /s/new z',
      'removed /s/anew x',
      'removed /s/gone x',
      'updated /s/changed y',
    ]);
  });

  it('fills itself again after the session was lost', async () => {
    await done(writer.create('/s/a', 'x', { createParents: true }));
    const { cache } = open('/s');
    await done(cache.ready());
    ensemble.expire(client);
    await ensemble.pass(2000);
    await done(writer.set('/s/a', 'y'));
    expect(cache.state).toBe('current');
    expect(contents(cache)).toEqual(['/s=', '/s/a=y']);
  });

  it('ends up with what the server has, whatever happens while it fills and while connections come and go', async () => {
    await done(writer.create('/s', 'x'));
    const { cache } = open('/s');
    let seed = 7;
    const draw = (below: number): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % below;
    for (let round = 0; round < 60; round += 1) {
      const actions = Array.from({ length: 20 }, async () => {
        const path = `/s/${draw(4)}${draw(2) === 0 ? '' : `/${draw(4)}`}`;
        const kind = draw(4);
        if (kind === 0) await writer.deleteRecursive(path);
        else if (kind === 1) await writer.set(path, String(round)).catch(() => undefined);
        else await writer.create(path, String(round)).catch(() => undefined);
      });
      if (round % 7 === 3) ensemble.drop(client);
      if (round % 20 === 13) ensemble.expire(client);
      await done(Promise.all(actions));
      if (round % 5 === 0) await ensemble.pass(100);
    }
    await ensemble.pass(3000);
    expect(contents(cache)).toEqual(await done(truth('/s')));
    expect(cache.state).toBe('current');
  });

  it('leaves out what it may not read, and goes on', async () => {
    await done(writer.create('/s/open', 'x', { createParents: true }));
    await done(writer.create('/s/shut', 'x', { acl: [{ perms: 0, scheme: 'world', id: 'anyone' }] }));
    const { cache } = open('/s');
    await done(cache.ready());
    expect(cache.children('/s')).toEqual(['open']);
  });

  it('survives a listener that throws', async () => {
    const { cache, changes } = open('/s');
    cache.onChange(() => {
      throw new Error('a listener');
    });
    cache.onChange((change) => changes.push(words(change)));
    await done(cache.ready());
    await done(writer.create('/s', 'x'));
    expect(changes).toEqual(['added /s x', 'added /s x']);
  });

  it.each([
    ['services', {}, 'is not a path'],
    ['/s/', {}, 'is not a path'],
    ['/s', { maxDepth: -1 }, 'maxDepth: must be a number from 0, not -1'],
    ['/s', { maxDepth: NaN }, 'maxDepth: must be a number from 0, not NaN'],
  ])('of %j with %j is refused', async (root, options, message) => {
    expect(() => open(root, options)).toThrow(message);
    await ensemble.settle();
    expect(ensemble.watchCount).toBe(0);
  });

  it('can be closed, and waiting for it then ends', async () => {
    const { cache } = open('/s');
    const refused = expect(cache.ready()).rejects.toBeInstanceOf(ClientClosedError);
    cache.close();
    await refused;
    await ensemble.settle();
    expect([cache.state, ensemble.watchCount]).toEqual(['closed', 0]);
  });
});
