import { beforeEach, describe, expect, it } from '@jest/globals';
import { AddWatchMode, CreateFlag, WatcherType } from '@corral/model';
import type { Zxid } from '@corral/primitives';
import { MemoryTransactionLog, MemoryTreeStore } from '@corral/storage-memory';
import type { FakeClient } from './client.fake.js';
import { MemberStage } from './member-stage.fake.js';
import { createOf, deleteOf, readOf, setOf } from './requests.fake.js';

let stage: MemberStage;
let watcher: FakeClient;
let writer: FakeClient;

beforeEach(() => {
  stage = new MemberStage(new MemoryTransactionLog(), new MemoryTreeStore());
  watcher = stage.newSession();
  writer = stage.newSession();
  write('create', createOf('/a'));
});

const write = (...request: Parameters<FakeClient['ask']>): number => {
  writer.ask(...request);
  stage.settle();
  const [reply] = writer.take();
  expect(reply!.err).toBe(0);
  return reply!.zxid;
};

const watch = (...request: Parameters<FakeClient['ask']>): string[] => {
  watcher.ask(...request);
  return watcher.heard();
};

const watchCount = (): number => stage.member.status.status().watchCount;

describe('a read that asks to watch', () => {
  it.each([
    ['exists', '/a', ['setData', setOf('/a', 'x')], ['event nodeDataChanged /a']],
    ['exists', '/new', ['create', createOf('/new')], ['event nodeCreated /new']],
    ['getData', '/a', ['delete', deleteOf('/a')], ['event nodeDeleted /a']],
    ['getChildren', '/a', ['create', createOf('/a/c')], ['event nodeChildrenChanged /a']],
    ['getChildren2', '/a', ['delete', deleteOf('/a')], ['event nodeDeleted /a']],
    ['getChildren', '/a', ['setData', setOf('/a', 'x')], []],
    ['getData', '/a', ['create', createOf('/a/c')], []],
  ] as const)('%s of %s hears of %j', (operation, path, request, events) => {
    watch(operation, readOf(path, true));
    write(...(request as unknown as Parameters<FakeClient['ask']>));
    expect(watcher.heard()).toEqual(events);
  });

  it('hears once', () => {
    watch('getData', readOf('/a', true));
    write('setData', setOf('/a', 'x'));
    write('setData', setOf('/a', 'y'));
    expect(watcher.heard()).toEqual(['event nodeDataChanged /a']);
  });

  it.each(['getData', 'getChildren', 'getChildren2'] as const)('%s of nothing leaves no watch', (operation) => {
    expect(watch(operation, readOf('/missing', true))).toEqual(['1 noNode']);
    expect(watchCount()).toBe(0);
  });

  it.each(['getData', 'getChildren', 'getChildren2'] as const)('%s without permission leaves no watch', (operation) => {
    write('create', createOf('/closed', CreateFlag.persistent, [{ perms: 0, scheme: 'world', id: 'anyone' }]));
    expect(watch(operation, readOf('/closed', true))).toEqual(['1 noAuth']);
    expect(watchCount()).toBe(0);
  });

  it('hears nothing of a multi that failed, and the events of one that did not in the order of its operations', () => {
    watch('exists', readOf('/b', true));
    watch('getData', readOf('/a', true));
    const operations = [
      { type: 5, ...setOf('/a', 'x') },
      { type: 1, ...createOf('/b') },
    ];
    write('multi', [...operations, { type: 2, ...deleteOf('/missing') }]);
    expect(watcher.heard()).toEqual([]);
    write('multi', operations);
    expect(watcher.heard()).toEqual(['event nodeDataChanged /a', 'event nodeCreated /b']);
  });
});

describe('addWatch', () => {
  it('persistent hears of the znode and its children again and again', () => {
    expect(watch('addWatch', { path: '/a', mode: AddWatchMode.persistent })).toEqual(['1 ok']);
    write('setData', setOf('/a', 'x'));
    write('create', createOf('/a/c'));
    write('create', createOf('/a/c/d'));
    write('setData', setOf('/a', 'y'));
    expect(watcher.heard()).toEqual([
      'event nodeDataChanged /a',
      'event nodeChildrenChanged /a',
      'event nodeDataChanged /a',
    ]);
  });

  it('recursive hears of everything below, and of no lists of children', () => {
    expect(watch('addWatch', { path: '/a', mode: AddWatchMode.persistentRecursive })).toEqual(['1 ok']);
    write('create', createOf('/a/c'));
    write('create', createOf('/a/c/d'));
    write('setData', setOf('/a/c/d', 'x'));
    write('create', createOf('/ab'));
    write('delete', deleteOf('/a/c/d'));
    expect(watcher.heard()).toEqual([
      'event nodeCreated /a/c',
      'event nodeCreated /a/c/d',
      'event nodeDataChanged /a/c/d',
      'event nodeDeleted /a/c/d',
    ]);
  });

  it.each([2, -1, 7])('in mode %i is refused', (mode) => {
    expect(watch('addWatch', { path: '/a', mode })).toEqual(['1 marshallingError']);
    expect(watchCount()).toBe(0);
  });
});

describe('an event', () => {
  const closed = [{ perms: 0, scheme: 'world', id: 'anyone' }];

  it('is not for those who may not read the znode', () => {
    watch('addWatch', { path: '/', mode: AddWatchMode.persistentRecursive });
    write('create', createOf('/closed', CreateFlag.persistent, closed));
    write('create', createOf('/open'));
    write('delete', deleteOf('/closed'));
    expect(watcher.heard()).toEqual(['event nodeCreated /open']);
  });

  it('goes by the ACL of the moment', () => {
    watch('getData', readOf('/a', true));
    write('setAcl', { path: '/a', acl: [{ perms: 30, scheme: 'world', id: 'anyone' }], version: -1 });
    write('setData', setOf('/a', 'x'));
    expect(watcher.heard()).toEqual([]);
  });

  it('is for everybody when ACLs are switched off', () => {
    stage = new MemberStage(new MemoryTransactionLog(), new MemoryTreeStore(), { skipAcl: true });
    watcher = stage.newSession();
    writer = stage.newSession();
    watch('exists', readOf('/closed', true));
    write('create', createOf('/closed', CreateFlag.persistent, closed));
    expect(watcher.heard()).toEqual(['event nodeCreated /closed']);
  });
});

describe('the memory for watches', () => {
  it('has a bound for each connection, and a connection that goes over it is ended', () => {
    const small = { watchBytesPerConnectionMax: 10_000 };
    stage = new MemberStage(new MemoryTransactionLog(), new MemoryTreeStore(), small);
    const [modest, greedy] = [stage.newSession(), stage.newSession()];
    const watchMany = (client: FakeClient, count: number): void => {
      client.turn(...Array.from({ length: count }, (_, at) => client.frame('exists', readOf(`/${String(at)}`, true))));
    };
    watchMany(modest, 20);
    watchMany(greedy, 100);
    expect([modest.closed, greedy.closed]).toEqual([false, true]);
    expect(greedy.violation?.message).toContain('watches');
  });
});

describe('removeWatches', () => {
  it.each([
    ['data', WatcherType.data, ['event nodeChildrenChanged /a']],
    ['children', WatcherType.children, ['event nodeDataChanged /a']],
    ['any', WatcherType.any, []],
  ] as const)('of type %s leaves the others', (_name, type, events) => {
    watch('getData', readOf('/a', true));
    watch('getChildren', readOf('/a', true));
    expect(watch('removeWatches', { path: '/a', type })).toEqual(['3 ok']);
    write('setData', setOf('/a', 'x'));
    write('create', createOf('/a/c'));
    expect(watcher.heard()).toEqual(events);
  });

  it.each(['removeWatches', 'checkWatches'] as const)('%s answers that there is none', (operation) => {
    watch('getData', readOf('/a', true));
    expect(watch(operation, { path: '/a', type: WatcherType.children })).toEqual(['2 noWatcher']);
    expect(watch(operation, { path: '/other', type: WatcherType.any })).toEqual(['3 noWatcher']);
    expect(watchCount()).toBe(1);
  });

  it('takes nobody else’s watch', () => {
    watch('getData', readOf('/a', true));
    writer.ask('removeWatches', { path: '/a', type: WatcherType.any });
    expect(writer.heard()).toEqual(['2 noWatcher']);
    expect(watchCount()).toBe(1);
  });

  it.each([0, 6, -1])('of type %i is refused', (type) => {
    expect(watch('removeWatches', { path: '/a', type })).toEqual(['1 marshallingError']);
    expect(watch('checkWatches', { path: '/a', type })).toEqual(['2 marshallingError']);
  });
});

describe('checkWatches', () => {
  it('answers ok for one’s own watch, and takes nothing away', () => {
    watch('getChildren', readOf('/a', true));
    expect(watch('checkWatches', { path: '/a', type: WatcherType.children })).toEqual(['2 ok']);
    expect(watch('checkWatches', { path: '/a', type: WatcherType.any })).toEqual(['3 ok']);
    expect(watchCount()).toBe(1);
  });
});

describe('setWatches', () => {
  const none = {
    dataWatches: [],
    existWatches: [],
    childWatches: [],
    persistentWatches: [],
    persistentRecursiveWatches: [],
  };
  const since = (zxid: number, lists: Partial<Record<keyof typeof none, string[]>>): object => ({
    relativeZxid: zxid as Zxid,
    ...none,
    ...lists,
  });

  it('tells what happened meanwhile, before its reply', () => {
    const seen = write('create', createOf('/b'));
    write('setData', setOf('/a', 'x'));
    write('create', createOf('/a/c'));
    watcher.turn(
      watcher.frame(
        'setWatches2',
        since(seen, { dataWatches: ['/a', '/gone'], existWatches: ['/b'], childWatches: ['/a'] }),
        -8,
      ),
    );
    expect(watcher.heard()).toEqual([
      'event nodeDataChanged /a',
      'event nodeDeleted /gone',
      'event nodeCreated /b',
      'event nodeChildrenChanged /a',
      '-8 ok',
    ]);
    expect(watchCount()).toBe(0);
  });

  it('watches again what has not changed', () => {
    const seen = write('setData', setOf('/a', 'x'));
    const lists = { dataWatches: ['/a'], existWatches: ['/new'], childWatches: ['/a'] };
    watcher.turn(watcher.frame('setWatches', since(seen, lists), -8));
    expect(watcher.heard()).toEqual(['-8 ok']);
    write('setData', setOf('/a', 'y'));
    write('create', createOf('/a/c'));
    write('create', createOf('/new'));
    expect(watcher.heard()).toEqual([
      'event nodeDataChanged /a',
      'event nodeChildrenChanged /a',
      'event nodeCreated /new',
    ]);
  });

  it('takes persistent watches up again without a word about the past', () => {
    write('create', createOf('/a/c'));
    watch('setWatches2', since(0, { persistentWatches: ['/a'], persistentRecursiveWatches: ['/'] }));
    write('setData', setOf('/a', 'x'));
    write('setData', setOf('/a/c', 'x'));
    expect(watcher.heard()).toEqual(['event nodeDataChanged /a', 'event nodeDataChanged /a/c']);
  });
});
