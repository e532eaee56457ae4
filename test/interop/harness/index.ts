/** Starting and stopping Apache ZooKeeper and Corral side by side, for the suites that span processes. */
export { isApacheSince, startApache, whyNoApache } from './apache.js';
export { startCorral, whyNoCorral } from './corral.js';
export { TestEnsemble, type EnsembleTestOptions, type MemberPorts } from './ensemble.js';
export { fourLetterWord } from './four-letter-word.js';
export { returnPorts, takeFreePorts, type PortRange } from './free-ports.js';
export { RunningServer, type ProcessEnd, type ServerKind } from './running-server.js';
export { DEFAULT_PORT_RANGE, type ServerOptions } from './server-options.js';
export { digestOf } from './zoo-cfg.js';
