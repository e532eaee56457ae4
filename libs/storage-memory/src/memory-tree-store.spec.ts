import { describeTreeStore, type TreeStoreHandle } from '@corral/znode/testing';
import { MemoryTreeStore } from './memory-tree-store.js';

function handleOf(store: MemoryTreeStore): TreeStoreHandle {
  return {
    store,
    flushAll: () => {
      store.flush();
      return Promise.resolve();
    },
    crash: () => {
      store.crash();
      return Promise.resolve(handleOf(store));
    },
    dispose: () => Promise.resolve(),
  };
}

describeTreeStore('the tree store in memory', () => Promise.resolve(handleOf(new MemoryTreeStore())));
