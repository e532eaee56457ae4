export { ConfigurationError, type ConfigurationProblem } from './configuration/configuration-error.js';
export type { CoordinatorConfig } from './configuration/coordinator-config.js';
export { loadConfiguration, type LoadedConfiguration } from './configuration/load-configuration.js';
export { type Companion, serve, type StartCompanion } from './serve.js';
export { DirectoryInUseError, DirectoryLock } from './server/directory-lock.js';
export { faultInWords, StartFailedError } from './server/start-failure.js';
export { type StorageLayout, storageLayoutOf } from './server/storage-layout.js';
export { nearest } from './text/nearest.js';
export { CORRAL_VERSION, ZOOKEEPER_VERSION } from './version.js';
