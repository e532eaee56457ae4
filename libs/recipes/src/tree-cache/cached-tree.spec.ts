import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Znode } from '@corral/client';
import { CachedTree } from './cached-tree.js';

const node = (czxid: number, mzxid = czxid): Znode =>
  ({ data: Buffer.from(String(mzxid)), stat: { czxid, mzxid, ctimeMs: czxid } }) as Znode;

let tree: CachedTree;
const types = (changes: readonly { type: string; path: string }[]): string[] =>
  changes.map(({ type, path }) => `${type} ${path}`);

beforeEach(() => {
  tree = new CachedTree();
});

describe('a cached tree', () => {
  it('tells of what was not there before, and of nothing when nothing has changed', () => {
    expect(types(tree.put('/a', node(1)))).toEqual(['added /a']);
    expect(tree.put('/a', node(1))).toEqual([]);
    expect(types(tree.put('/a', node(1, 2)))).toEqual(['updated /a']);
  });

  it('takes a znode that was created anew for another, and what was below for gone', () => {
    tree.put('/a', node(1));
    tree.put('/a/b', node(2));
    expect(types(tree.put('/a', node(5)))).toEqual(['removed /a/b', 'removed /a', 'added /a']);
  });

  it('removes from the bottom, also below the root', () => {
    tree.put('/', node(0));
    tree.put('/a', node(1));
    tree.put('/a/b', node(2));
    expect(types(tree.remove('/'))).toEqual(['removed /a/b', 'removed /a', 'removed /']);
    expect([tree.size, [...tree.names('/')]]).toEqual([0, []]);
  });
});
