import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SessionId, Zxid } from '@corral/primitives';
import { dataOf, newRecord } from '@corral/znode';
import { describeTreeStore, type TreeStoreHandle } from '@corral/znode/testing';
import { TreeStoreFailedError, TreeStoreFormatError } from './errors.js';
import { openEnvironment } from './environment.js';
import { writeChanges } from './flush.js';
import { LmdbTreeStore, type LmdbTreeStoreOptions } from './lmdb-tree-store.js';

function handleOf(directory: string, options: Omit<LmdbTreeStoreOptions, 'file'>): TreeStoreHandle {
  const store = LmdbTreeStore.open({ ...options, file: join(directory, 'tree.mdb') });
  return {
    store,
    flushAll: () => store.flushAll(),
    crash: async () => {
      await store.abandon();
      return handleOf(directory, options);
    },
    dispose: async () => {
      await store.abandon();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const variants: [string, Omit<LmdbTreeStoreOptions, 'file'>][] = [
  ['with its usual bounds', {}],
  ['that caches nothing', { cacheBytesMax: 0 }],
  ['that flushes at once', { dirtyRecordsMax: 1, cacheBytesMax: 2000 }],
];
for (const [name, options] of variants) {
  describeTreeStore(`the tree store on LMDB ${name}`, () =>
    Promise.resolve(handleOf(mkdtempSync(join(tmpdir(), 'corral-tree-')), options)),
  );
}

describe('the tree store on LMDB', () => {
  let directory: string;
  let file: string;
  const opened: LmdbTreeStore[] = [];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'corral-tree-'));
    file = join(directory, 'tree.mdb');
  });

  afterEach(async () => {
    for (const store of opened.splice(0)) await store.abandon();
    rmSync(directory, { recursive: true });
  });

  const open = (options: Omit<LmdbTreeStoreOptions, 'file'> = {}): LmdbTreeStore => {
    const store = LmdbTreeStore.open({ ...options, file });
    opened.push(store);
    return store;
  };

  const put = (store: LmdbTreeStore, path: string, zxid: number): void => {
    const from = {
      data: Buffer.from(path),
      acl: Buffer.alloc(0),
      zxid: zxid as Zxid,
      timeMs: 1,
      owner: 0n as SessionId,
    };
    store.put(path, newRecord(from, Buffer.alloc));
    store.linkChild('/', path.slice(1));
    store.state.appliedZxid = zxid as Zxid;
    store.transactionApplied();
  };

  it('flushes by itself when enough has changed, and tells what is durable', async () => {
    const flushed: number[] = [];
    const store = open({
      dirtyRecordsMax: 10,
      onFlushed: (_durationMs, records) => flushed.push(store.flushedZxid, records),
    });
    for (let zxid = 1; zxid <= 9; zxid++) put(store, `/n${String(zxid)}`, zxid);
    expect(store.dirtyRecords).toBe(9);
    put(store, '/n10', 10);
    expect(store.dirtyRecords).toBe(0);
    put(store, '/n11', 11);
    expect(store.flushedZxid).toBe(0);
    await store.flushAll();
    expect(flushed).toEqual([10, 10, 11, 1]);
    expect(store.flushedZxid).toBe(11);
  });

  it('flushes by itself when many transactions have changed the same records', async () => {
    const store = open({ unflushedTransactionsMax: 10 });
    for (let zxid = 1; zxid <= 9; zxid++) put(store, '/n', zxid);
    expect(store.dirtyRecords).toBe(1);
    put(store, '/n', 10);
    expect(store.dirtyRecords).toBe(0);
    // What changes during a flush does not make the owner wait, and is counted for the next one.
    for (let zxid = 11; zxid <= 60; zxid++) put(store, '/n', zxid);
    expect(store.isBehind).toBe(false);
    await store.flushAll();
    expect(store.flushedZxid).toBe(60);
  });

  it('says that it is behind while much changes during a flush', async () => {
    const store = open({ dirtyRecordsMax: 10 });
    for (let zxid = 1; zxid <= 39; zxid++) put(store, `/n${String(zxid)}`, zxid);
    expect(store.isBehind).toBe(false);
    put(store, '/n40', 40);
    expect(store.isBehind).toBe(true);
    await store.flushAll();
    expect(store.isBehind).toBe(false);
    expect(store.childNames('/')).toHaveLength(40);
  });

  it('closes with everything in the file', async () => {
    const store = open();
    put(store, '/a', 1);
    store.state.znodeCount = 5;
    await store.close();
    const again = open();
    expect(again.state).toEqual({ appliedZxid: 1, znodeCount: 5, dataSizeBytes: 0 });
    expect(dataOf(again.get('/a')!)).toEqual(Buffer.from('/a'));
  });

  it('flushes a zxid that changed no record', async () => {
    const store = open();
    store.state.appliedZxid = 3 as Zxid;
    await store.flushAll();
    expect(store.flushedZxid).toBe(3);
    await store.close();
    expect(open().state.appliedZxid).toBe(3);
  });

  it('gives a record in memory of its own: another read does not change it', async () => {
    const store = open({ cacheBytesMax: 0 });
    put(store, '/a', 1);
    put(store, '/b', 2);
    await store.flushAll();
    const a = Buffer.from(store.get('/a')!);
    const live = store.get('/a')!;
    store.get('/b');
    expect(Buffer.from(live)).toEqual(a);
  });

  it('keeps everything readable after a failed flush, and writes nothing more', async () => {
    let disk: 'good' | 'full' = 'good';
    const failures: TreeStoreFailedError[] = [];
    const store = open({
      onFailed: (error) => failures.push(error),
      writeChanges: (...args) => (disk === 'good' ? writeChanges(...args) : Promise.reject(new Error('disk full'))),
    });
    put(store, '/a', 1);
    await store.flushAll();
    disk = 'full';
    put(store, '/b', 2);
    await expect(store.flushAll()).rejects.toThrow('disk full');
    expect(failures).toHaveLength(1);
    expect(store.failure).toBeInstanceOf(TreeStoreFailedError);
    expect(store.failure!.message).toContain(file);
    disk = 'good';
    put(store, '/c', 3);
    expect(() => {
      store.flush();
    }).toThrow(TreeStoreFailedError);
    await expect(store.close()).rejects.toThrow(TreeStoreFailedError);
    for (const path of ['/a', '/b', '/c']) expect(store.get(path)).toBeDefined();
    expect(store.childNames('/').sort()).toEqual(['a', 'b', 'c']);
    expect(store.flushedZxid).toBe(1);
    await store.abandon();
    const again = open();
    expect(again.state.appliedZxid).toBe(1);
    expect(again.childNames('/')).toEqual(['a']);
  });

  it('refuses the file of a newer version', async () => {
    await open().close();
    const environment = openEnvironment(file);
    environment.meta.putSync('format', '3');
    await environment.root.close();
    expect(() => open()).toThrow(TreeStoreFormatError);
    expect(() => open()).toThrow(`${file} has format 3`);
  });

  it('takes a record of a megabyte and one of nothing', async () => {
    const store = open();
    for (const [path, data] of [
      ['/big', Buffer.alloc(1_048_576, 7)],
      ['/none', null],
    ] as const) {
      const from = { data, acl: Buffer.alloc(0), zxid: 1 as Zxid, timeMs: 1, owner: 0n as SessionId };
      store.put(path, newRecord(from, Buffer.alloc));
      store.linkChild('/', path.slice(1));
    }
    store.state.appliedZxid = 1 as Zxid;
    await store.close();
    const again = open();
    expect(Buffer.compare(dataOf(again.get('/big')!)!, Buffer.alloc(1_048_576, 7))).toBe(0);
    expect(dataOf(again.get('/none')!)).toBeNull();
  });
});
