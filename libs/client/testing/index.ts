export type { ServerTraits } from './memory-connection.js';
export { TestEnsemble } from './test-ensemble.js';
export { VirtualTimers } from './virtual-timers.js';
