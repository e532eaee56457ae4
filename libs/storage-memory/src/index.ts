export { MemoryEpochs } from './memory-epochs.js';
export { InjectedFaultError, MemoryTransactionLog } from './memory-transaction-log.js';
export { MemoryTreeStore } from './memory-tree-store.js';
