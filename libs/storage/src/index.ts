export { type Logger, type LogLevel, silentLogger } from './logger.js';
export { FileTransactionLog, type FileTransactionLogOptions } from './log/file-transaction-log.js';
export { LogDamagedError, LogFailedError } from './log/errors.js';
export { LmdbTreeStore, type LmdbTreeStoreOptions } from './lmdb/lmdb-tree-store.js';
export { TreeFileDamagedError, TreeStoreFailedError, TreeStoreFormatError } from './lmdb/errors.js';
export { TakeOverFailedError } from './zookeeper/errors.js';
export { takeOverApacheData, type TakenOver, type TakeOverOptions } from './zookeeper/take-over.js';
export { inspectLog, type InspectLogOptions } from './inspect/inspect-log.js';
export { inspectTree, type InspectTreeOptions } from './inspect/inspect-tree.js';
