import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Zxid } from '@corral/primitives';
import { CreateFlag, EventType, type MultiOperation, OPEN_ACL, OpCode, type SetWatchesRequest } from '@corral/model';
import { MemoryTreeStore } from '@corral/storage-memory';
import { addToBoth, setWatches } from './set-watches.js';
import { bytesOf, TreeBench } from './tree-bench.fake.js';
import { WatchMode } from './watches.js';

const data = { name: 'data' };
const children = { name: 'children' };
const both = { name: 'both' };

let bench: TreeBench;

beforeEach(() => {
  bench = new TreeBench(new MemoryTreeStore()).plant('/a', '/a/b');
});

/** One-shot watchers of a path: one of the data, one of the children, one of either. */
const watch = (path: string): void => {
  bench.tree.dataWatches.add(path, data, WatchMode.oneShot);
  bench.tree.childWatches.add(path, children, WatchMode.oneShot);
  bench.tree.dataWatches.add(path, both, WatchMode.oneShot);
  bench.tree.childWatches.add(path, both, WatchMode.oneShot);
};

const after = (act: () => unknown): string[] => {
  act();
  expect(bench.events).toEqual([]);
  bench.apply();
  return bench.takeEvents();
};

describe('one-shot watches', () => {
  it('hear that a znode was created, and that its parent got a child', () => {
    watch('/a');
    watch('/a/x');
    expect(after(() => bench.create('/a/x'))).toEqual([
      'data nodeCreated /a/x',
      'both nodeCreated /a/x',
      'children nodeChildrenChanged /a',
      'both nodeChildrenChanged /a',
    ]);
  });

  it('hear that a znode was deleted, each watcher once', () => {
    watch('/a');
    watch('/a/b');
    expect(after(() => bench.delete('/a/b'))).toEqual([
      'data nodeDeleted /a/b',
      'both nodeDeleted /a/b',
      'children nodeDeleted /a/b',
      'children nodeChildrenChanged /a',
      'both nodeChildrenChanged /a',
    ]);
    expect([bench.tree.dataWatches.has('/a/b', both), bench.tree.childWatches.has('/a/b', both)]).toEqual([
      false,
      false,
    ]);
  });

  it('hear that data changed, of no children', () => {
    watch('/a');
    expect(after(() => bench.setData('/a', 'x'))).toEqual(['data nodeDataChanged /a', 'both nodeDataChanged /a']);
  });

  it.each([
    ['a change of the ACL', (): unknown => bench.setAcl('/a', OPEN_ACL)],
    ['a check', (): unknown => bench.check('/a', 0)],
    ['a refused delete', (): unknown => bench.delete('/a')],
    ['a change further down', (): unknown => bench.create('/a/b/c')],
  ])('hear nothing of %s', (_what, act) => {
    watch('/a');
    expect(after(act)).toEqual([]);
  });

  it('hear of ephemerals that go with their session as of any delete', () => {
    bench.create('/a/e', { flags: CreateFlag.ephemeral });
    bench.apply();
    watch('/a');
    watch('/a/e');
    expect(after(() => bench.closeSession(0x100n))).toEqual([
      'data nodeDeleted /a/e',
      'both nodeDeleted /a/e',
      'children nodeDeleted /a/e',
      'children nodeChildrenChanged /a',
      'both nodeChildrenChanged /a',
    ]);
  });

  it('hear of a multi in the order of its operations', () => {
    watch('/a');
    const operations: MultiOperation[] = [
      { type: OpCode.create, path: '/a/x', data: null, acl: OPEN_ACL, flags: 0 },
      { type: OpCode.setData, path: '/a', data: bytesOf('x'), version: -1 },
    ];
    expect(after(() => bench.multi(operations))).toEqual([
      'children nodeChildrenChanged /a',
      'both nodeChildrenChanged /a',
      'data nodeDataChanged /a',
      'both nodeDataChanged /a',
    ]);
  });

  it('of which nothing is kept hear nothing', () => {
    expect(after(() => bench.setData('/a', 'x'))).toEqual([]);
  });
});

describe('standing watches', () => {
  it('that are persistent hear of data and children of their znode', () => {
    addToBoth(bench.tree, '/a', both, WatchMode.persistent);
    expect(after(() => bench.setData('/a', 'x'))).toEqual(['both nodeDataChanged /a']);
    expect(after(() => bench.create('/a/x'))).toEqual(['both nodeChildrenChanged /a']);
    expect(after(() => bench.create('/a/x/y'))).toEqual([]);
    bench.delete('/a/x/y');
    bench.delete('/a/x');
    bench.delete('/a/b');
    bench.apply();
    bench.takeEvents();
    expect(after(() => bench.delete('/a'))).toEqual(['both nodeDeleted /a']);
    expect(after(() => bench.create('/a'))).toEqual(['both nodeCreated /a']);
  });

  it('that are recursive hear of everything below, once, and of no lists of children', () => {
    addToBoth(bench.tree, '/a', both, WatchMode.recursive);
    expect(after(() => bench.create('/a/b/c'))).toEqual(['both nodeCreated /a/b/c']);
    expect(after(() => bench.setData('/a/b/c', 'x'))).toEqual(['both nodeDataChanged /a/b/c']);
    expect(after(() => bench.delete('/a/b/c'))).toEqual(['both nodeDeleted /a/b/c']);
    expect(after(() => bench.create('/ab'))).toEqual([]);
  });
});

describe('watches that a client sets again', () => {
  const none: Omit<SetWatchesRequest, 'relativeZxid'> = {
    dataWatches: [],
    existWatches: [],
    childWatches: [],
    persistentWatches: [],
    persistentRecursiveWatches: [],
  };
  const again = (relativeZxid: number, lists: Partial<SetWatchesRequest>): string[] => {
    const told: string[] = [];
    const request = { ...none, ...lists, relativeZxid: relativeZxid as Zxid };
    setWatches(bench.tree, request, both, (_watcher, { type, path }) => told.push(`${String(type)} ${path}`));
    return told;
  };
  const { nodeCreated, nodeDeleted, nodeDataChanged, nodeChildrenChanged } = EventType;

  it.each([
    ['dataWatches', '/none', 0, nodeDeleted],
    ['dataWatches', '/a', -1, nodeDataChanged],
    ['existWatches', '/a', 0, nodeCreated],
    ['existWatches', '/a', +1, nodeCreated],
    ['childWatches', '/none', 0, nodeDeleted],
    ['childWatches', '/a', -1, nodeChildrenChanged],
  ] as const)(
    'in %s on %s, %i from what changed last, are told of it and do not stand',
    (list, path, distance, type) => {
      bench.setData('/a', 'x');
      bench.create('/a/c');
      bench.apply();
      const changedAt = list === 'childWatches' ? bench.stat('/a')!.pzxid : bench.stat('/a')!.mzxid;
      expect(again(changedAt + distance, { [list]: [path] })).toEqual([`${String(type)} ${path}`]);
      expect(bench.tree.dataWatches.count + bench.tree.childWatches.count).toBe(0);
    },
  );

  it.each([
    ['dataWatches', '/a', 0],
    ['dataWatches', '/a', +1],
    ['existWatches', '/none', 0],
    ['childWatches', '/a', 0],
  ] as const)('in %s on %s, %i from what changed last, stand again', (list, path, distance) => {
    const changedAt = list === 'childWatches' ? bench.stat('/a')!.pzxid : bench.stat('/a')!.mzxid;
    expect(again(changedAt + distance, { [list]: [path] })).toEqual([]);
    const table = list === 'childWatches' ? bench.tree.childWatches : bench.tree.dataWatches;
    expect(table.modesOf(path, both)).toBe(WatchMode.oneShot);
  });

  it('that are persistent stand again without a word, whatever has happened', () => {
    expect(again(0, { persistentWatches: ['/a', '/none'], persistentRecursiveWatches: ['/a'] })).toEqual([]);
    for (const table of [bench.tree.dataWatches, bench.tree.childWatches]) {
      expect(table.modesOf('/a', both)).toBe(WatchMode.persistent | WatchMode.recursive);
      expect(table.modesOf('/none', both)).toBe(WatchMode.persistent);
    }
  });

  it('are told of in the order of the lists', () => {
    const lists = { dataWatches: ['/n1', '/a'], existWatches: ['/a'], childWatches: ['/n2', '/a'] };
    expect(again(-1, lists).map((line) => line.split(' ')[1])).toEqual(['/n1', '/a', '/a', '/n2', '/a']);
  });
});
