export { TestEnsemble } from './test-ensemble.js';
export { VirtualTimers } from './virtual-timers.js';
