import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Zxid } from '@corral/primitives';
import { createsOf, stampChildren, statOf } from '@corral/znode';
import { openEnvironment } from './environment.js';
import { LmdbTreeStore } from './lmdb-tree-store.js';

const FIXTURE = fileURLToPath(new URL('../../testing/fixtures/tree-format-1', import.meta.url));

describe('a tree of the first format', () => {
  const expected = new Map<string, Buffer>();
  for (const line of readFileSync(join(FIXTURE, 'expected.jsonl'), 'utf8').trim().split('\n')) {
    const { path, record } = JSON.parse(line) as { path: string; record: string };
    expected.set(path, Buffer.from(record, 'hex'));
  }
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'corral-tree-format-'));
    file = join(directory, 'tree.lmdb');
    writeFileSync(file, gunzipSync(readFileSync(join(FIXTURE, 'tree.lmdb.gz'))));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const contents = (store: LmdbTreeStore): Map<string, Buffer> =>
    new Map([...expected.keys()].map((path) => [path, Buffer.from(store.get(path) ?? [])]));

  it('is read as it is, also by who only looks', async () => {
    for (const mode of ['read-only', 'durable'] as const) {
      const store = LmdbTreeStore.open({ file, mode });
      expect(store.state).toEqual({ appliedZxid: 0x6_0000_0005, znodeCount: 12, dataSizeBytes: 100 });
      expect(contents(store)).toEqual(expected);
      expect(store.childNames('/').length).toBe(10);
      expect(store.childNames('/parent')).toEqual(['child']);
      expect([...store.sessions()]).toHaveLength(1);
      expect([...store.owned()]).toHaveLength(3);
      await store.abandon();
    }
  });

  it('takes packed records beside its own, and says so to older versions', async () => {
    const store = LmdbTreeStore.open({ file });
    const parent = Buffer.from(store.get('/parent')!);
    stampChildren(parent, 0x6_0000_0006 as Zxid, 1);
    store.put('/parent', parent);
    store.state.appliedZxid = 0x6_0000_0006 as Zxid;
    await store.close();

    const again = LmdbTreeStore.open({ file });
    expect(contents(again)).toEqual(new Map(expected).set('/parent', parent));
    expect([statOf(parent).numChildren, createsOf(parent)]).toEqual([2, 2]);
    await again.close();
    const environment = openEnvironment(file);
    expect(environment.meta.get('format')).toBe('2');
    await environment.root.close();
  });
});
