import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeLong, zxidOf } from '@corral/primitives';
import {
  OPEN_ACL_KEY,
  PERSISTED_STAT_SIZE_BYTES,
  PersistedStatAt,
  RecordWriter,
  SnapshotDecoder,
  writeSnapshotCount,
  writeSnapshotEnd,
  writeSnapshotZnode,
} from '@corral/wire';
import { dataOf, numChildrenOf, statOf } from '@corral/znode';
import { SnapshotIncompleteError } from './errors.js';
import { LmdbTreeStore } from './lmdb-tree-store.js';
import { TreeBuilder } from './tree-builder.js';

const ZXID = zxidOf(1, 9);

describe('a tree built from a snapshot', () => {
  let directory: string;
  const file = (): string => join(directory, 'tree.lmdb');

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'corral-builder-'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  /** Builds from znodes that hold their own paths as data. */
  const build = async (paths: readonly string[], aclKey = OPEN_ACL_KEY): Promise<void> => {
    const writer = new RecordWriter();
    const stat = new Uint8Array(PERSISTED_STAT_SIZE_BYTES);
    writeLong(stat, PersistedStatAt.czxid, ZXID);
    writeSnapshotCount(writer, 0);
    writeSnapshotCount(writer, 0);
    for (const path of paths) {
      const bytes = Buffer.from(path);
      const whole = { bytes, start: 0, end: bytes.length };
      writeSnapshotZnode(writer, { path: whole, data: whole, aclKey, stat });
    }
    writeSnapshotEnd(writer);
    const builder = TreeBuilder.open(file());
    try {
      const decoder = new SnapshotDecoder('stream', builder, { maxRecordBytes: 10_000 });
      builder.write(() => {
        decoder.push(Buffer.from(writer.buffer.subarray(0, writer.length)));
      });
      await builder.finish(ZXID);
    } catch (error) {
      await builder.close();
      throw error;
    }
  };

  it.each([
    ['in the order of keys', ['', '/a', '/b', '/b1', '/a/x', '/a/y', '/a/x/1', '/b/é']],
    ['depth first', ['', '/b', '/b1', '/a', '/a/y', '/a/x', '/a/x/1', '/b/é']],
    ['with a znode of many bytes', ['', '/a', '/b', '/b1', '/a/x', `/a/${'y'.repeat(1880)}`, '/b/é', '/a/x/1']],
  ])('has every znode where it belongs, with its children counted, when they come %s', async (_, paths) => {
    await build(paths);
    const store = LmdbTreeStore.open({ file: file() });
    for (const path of paths) {
      const record = store.get(path === '' ? '/' : path)!;
      expect(Buffer.from(dataOf(record)!).toString()).toBe(path);
      expect(statOf(record).czxid).toBe(ZXID);
    }
    expect([...store.childNames('/')].sort()).toEqual(['a', 'b', 'b1']);
    expect(['/', '/a', '/b', '/b1'].map((path) => numChildrenOf(store.get(path)!))).toEqual([3, 2, 1, 0]);
    const sizeBytes = paths.reduce((sum, path) => sum + path.length + Buffer.byteLength(path), 1);
    expect(store.state).toEqual({ appliedZxid: ZXID, znodeCount: paths.length, dataSizeBytes: sizeBytes });
    await store.close();
  });

  it('counts the children of more parents than it remembers', async () => {
    const parents = Array.from({ length: 5_000 }, (_, at) => `/p${String(at)}`);
    const children = ['/x', '/y'].flatMap((name) => parents.map((parent) => `${parent}${name}`));
    await build(['', ...parents, ...children]);
    const store = LmdbTreeStore.open({ file: file() });
    expect(new Set(parents.map((parent) => numChildrenOf(store.get(parent)!)))).toEqual(new Set([2]));
    await store.close();
  });

  it('is refused when a parent or an ACL is missing', async () => {
    await expect(build(['', '/a/b'])).rejects.toThrow(
      new SnapshotIncompleteError('the znode /a is missing, but not its children'),
    );
    rmSync(file());
    await expect(build([''], 7)).rejects.toThrow(SnapshotIncompleteError);
  });
});
