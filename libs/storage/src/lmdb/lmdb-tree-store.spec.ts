import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeTreeStore, type TreeStoreHandle } from '@corral/znode/testing';
import { LmdbTreeStore } from './lmdb-tree-store.js';

function handleOf(directory: string, store: LmdbTreeStore): TreeStoreHandle {
  return {
    store,
    flushAll: () => store.flushAll(),
    crash: async () => {
      await store.abandon();
      return handleOf(directory, LmdbTreeStore.open({ file: join(directory, 'tree.mdb') }));
    },
    dispose: async () => {
      await store.abandon();
      rmSync(directory, { recursive: true });
    },
  };
}

describeTreeStore('the tree store on LMDB', () => {
  const directory = mkdtempSync(join(tmpdir(), 'corral-tree-'));
  return Promise.resolve(handleOf(directory, LmdbTreeStore.open({ file: join(directory, 'tree.mdb') })));
});
