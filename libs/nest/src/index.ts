export { InstancesUnknownError, ServiceTimeoutError, ServiceUnreachableError } from './clients/client-errors.js';
export { ServiceClient, type ServiceClientSettings } from './clients/service-client.js';
export type { ServicePool } from './clients/service-pool.js';
export type { TcpOptions } from './clients/tcp-link.js';
export {
  ConfigHandlersFailedError,
  ConfigInvalidError,
  type ConfigIssue,
  ConfigNotReadyError,
  ConfigUsageError,
  ConfigValueMissingError,
} from './config/config-errors.js';
export { ConfigService } from './config/config-service.js';
export type { ConfigStream } from './config/config-stream.js';
export { ConfigValue, type ConfigValueOptions } from './config/config-value.decorator.js';
export { OnConfigChange } from './config/on-config-change.decorator.js';
export { ConfigClass, type TypedConfig, typedConfig, typedConfigToken } from './config/typed-config.js';
export { CorralModule, type ServiceClientOptions } from './corral.module.js';
export type { ConfigOptions, CorralModuleExtras, CorralOptions, CorralUses, SharedClient } from './corral-options.js';
export { type CorralHealth, CorralHealthIndicator } from './health/corral.health.js';
export { loggerInto } from './nest-logging.js';
export type { ServiceOptions } from './registration/service-options.js';
export { type Listening, type RegistrarState, ServiceRegistrar } from './registration/service-registrar.js';
