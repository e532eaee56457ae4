export { type ConfigurationProblem, PlatformConfigurationError } from './configuration/configuration-error.js';
export {
  type ConfigurationSources,
  loadPlatformConfiguration,
  type PlatformConfig,
} from './configuration/load-platform-configuration.js';
export { openLog } from './logging/log.js';
export { type RunningPlatform, startPlatform } from './platform.js';
export { hashToken, makeToken } from './security/token-hash.js';
export { servePlatform, startEmbeddedPlatform } from './serve-platform.js';
export { PlatformStartError } from './start-failure.js';
