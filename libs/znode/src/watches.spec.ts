import { beforeEach, describe, expect, it } from '@jest/globals';
import { EventType, OPEN_ACL } from '@corral/model';
import { type WatchedChange, WatchMode, WatchTable } from './watches.js';

interface Watcher {
  readonly name: string;
}

const { oneShot, persistent, recursive } = WatchMode;
const { nodeCreated, nodeDeleted, nodeDataChanged, nodeChildrenChanged } = EventType;

let table: WatchTable<Watcher>;
let heard: string[];
const ann: Watcher = { name: 'ann' };
const bob: Watcher = { name: 'bob' };

beforeEach(() => {
  table = new WatchTable();
  heard = [];
});

const deliver = (watcher: Watcher, { path }: WatchedChange): void => {
  heard.push(`${watcher.name} ${path}`);
};

const happen = (path: string, type: EventType = nodeDataChanged, except?: ReadonlySet<Watcher>): string[] => {
  heard = [];
  table.trigger({ path, type, acl: OPEN_ACL }, deliver, except);
  return heard;
};

describe('a watch', () => {
  it.each([
    ['one-shot', oneShot, '/a', ['ann /a'], []],
    ['one-shot, elsewhere', oneShot, '/a/b', [], []],
    ['persistent', persistent, '/a', ['ann /a'], ['ann /a']],
    ['persistent, below', persistent, '/a/b', [], []],
    ['recursive', recursive, '/a', ['ann /a'], ['ann /a']],
    ['recursive, below', recursive, '/a/b', ['ann /a/b'], ['ann /a/b']],
    ['recursive, far below', recursive, '/a/b/c/d', ['ann /a/b/c/d'], ['ann /a/b/c/d']],
    ['recursive, beside', recursive, '/ab', [], []],
    ['recursive, above', recursive, '/', [], []],
    ['one-shot and persistent', oneShot | persistent, '/a', ['ann /a'], ['ann /a']],
    ['one-shot and recursive', oneShot | recursive, '/a', ['ann /a'], ['ann /a']],
    ['all at once', oneShot | persistent | recursive, '/a', ['ann /a'], ['ann /a']],
  ] as const)('that is %s hears once and then again as long as it lasts', (...row) => {
    const [, mode, path, first, second] = row;
    table.add('/a', ann, mode);
    expect(happen(path)).toEqual(first);
    expect(happen(path)).toEqual(second);
  });

  it('of one’s own that is recursive and stands on the root hears of everything', () => {
    table.add('/', ann, recursive);
    expect([happen('/'), happen('/a'), happen('/a/b')]).toEqual([['ann /'], ['ann /a'], ['ann /a/b']]);
  });

  it('that is recursive hears nothing of lists of children, though a persistent one beside it does', () => {
    table.add('/a', ann, recursive);
    expect(happen('/a', nodeChildrenChanged)).toEqual([]);
    expect(happen('/a/b', nodeChildrenChanged)).toEqual([]);
    table.add('/a', ann, persistent);
    expect(happen('/a', nodeChildrenChanged)).toEqual(['ann /a']);
  });

  it('of one watcher that matches in several ways is told once', () => {
    table.add('/', ann, recursive);
    table.add('/a', ann, recursive);
    table.add('/a/b', ann, oneShot);
    expect(happen('/a/b')).toEqual(['ann /a/b']);
    expect(table.has('/a/b', ann)).toBe(false);
  });

  it('that is one-shot stays when only a recursive one above was meant', () => {
    table.add('/', ann, recursive);
    table.add('/a', bob, oneShot);
    happen('/b');
    expect(table.has('/a', bob)).toBe(true);
  });

  it('that is both one-shot and recursive is not used up by what happens below', () => {
    table.add('/a', ann, oneShot | recursive);
    expect(happen('/a/b')).toEqual(['ann /a/b']);
    expect(table.modesOf('/a', ann)).toBe(oneShot | recursive);
  });

  it('of each watcher is its own', () => {
    table.add('/a', ann, oneShot);
    table.add('/a', bob, persistent);
    expect(happen('/a')).toEqual(['ann /a', 'bob /a']);
    expect(happen('/a')).toEqual(['bob /a']);
  });

  it('on the empty path is never reached', () => {
    table.add('', ann, oneShot);
    table.add('', bob, recursive);
    expect(happen('/')).toEqual([]);
    expect(happen('/a')).toEqual([]);
  });
});

describe('telling', () => {
  it('names who was told, so that another table need not repeat it', () => {
    table.add('/a', ann, oneShot);
    const told = table.trigger({ path: '/a', type: nodeDeleted, acl: OPEN_ACL }, deliver);
    expect([...(told ?? [])]).toEqual([ann]);
  });

  it.each([
    ['without recursive watches about', oneShot],
    ['with them', recursive],
  ])('leaves out who was told already, but uses its one-shot watch up (%s)', (_what, other) => {
    table.add('/a', ann, oneShot);
    table.add('/a', bob, other);
    expect(happen('/a', nodeDeleted, new Set([ann]))).toEqual(['bob /a']);
    expect(table.has('/a', ann)).toBe(false);
  });

  it('carries what happened and whom it concerns', () => {
    const seen: WatchedChange[] = [];
    const change = { path: '/a', type: nodeCreated, acl: OPEN_ACL };
    table.add('/a', ann, oneShot);
    table.trigger(change, (_watcher, told) => seen.push(told));
    expect(seen).toEqual([change]);
  });
});

describe('taking watches away', () => {
  it('takes the modes named and leaves the others', () => {
    table.add('/a', ann, oneShot | persistent | recursive);
    expect(table.remove('/a', ann, oneShot | recursive)).toBe(true);
    expect(table.modesOf('/a', ann)).toBe(persistent);
    expect(happen('/a/b')).toEqual([]);
    expect(happen('/a')).toEqual(['ann /a']);
  });

  it.each([
    ['another path', '/b', ann, oneShot],
    ['another watcher', '/a', bob, oneShot],
    ['another mode', '/a', ann, persistent],
  ] as const)('says that there is none: %s', (_what, path, watcher, mode) => {
    table.add('/a', ann, oneShot);
    expect(table.remove(path, watcher, mode)).toBe(false);
    expect(table.count).toBe(1);
  });

  it('of a watcher that has gone takes all of its own', () => {
    table.add('/a', ann, oneShot);
    table.add('/b', ann, recursive);
    table.add('/b', bob, persistent);
    table.removeWatcher(ann);
    table.removeWatcher(ann);
    expect([happen('/a'), happen('/b'), happen('/b/c')]).toEqual([[], ['bob /b'], []]);
    expect([table.count, table.pathCount, table.watcherCount]).toEqual([1, 1, 1]);
  });
});

describe('the counts', () => {
  it('are of pairs, paths and watchers, and go back to nothing', () => {
    table.add('/a', ann, oneShot);
    table.add('/a', ann, persistent);
    table.add('/a', bob, oneShot);
    table.add('/b', bob, recursive);
    expect([table.count, table.pathCount, table.watcherCount]).toEqual([3, 2, 2]);
    happen('/a');
    expect([table.count, table.pathCount, table.watcherCount]).toEqual([2, 2, 2]);
    table.removeWatcher(ann);
    table.remove('/b', bob, recursive);
    expect([table.count, table.pathCount, table.watcherCount]).toEqual([0, 0, 0]);
    expect([[...table.paths()], [...table.watchers()]]).toEqual([[], []]);
  });

  it('measure what the watches of each watcher cost, a path once', () => {
    table.add('/a', ann, oneShot);
    const one = table.sizeBytesOf(ann);
    table.add('/a', ann, persistent);
    expect([table.sizeBytesOf(ann), table.sizeBytesOf(bob)]).toEqual([one, 0]);
    table.add(`/${'b'.repeat(101)}`, ann, oneShot);
    expect(table.sizeBytesOf(ann)).toBe(2 * one + 100);
    table.remove('/a', ann, oneShot | persistent);
    happen(`/${'b'.repeat(101)}`);
    expect(table.sizeBytesOf(ann)).toBe(0);
  });

  it('come with lists for people', () => {
    table.add('/a', ann, oneShot);
    table.add('/a', bob, oneShot);
    table.add('/b', ann, oneShot);
    expect([...table.paths()].map(([path, watchers]) => [path, [...watchers]])).toEqual([
      ['/a', [ann, bob]],
      ['/b', [ann]],
    ]);
    expect([...table.watchers()].map(([watcher, paths]) => [watcher, [...paths]])).toEqual([
      [ann, ['/a', '/b']],
      [bob, ['/a']],
    ]);
  });
});
