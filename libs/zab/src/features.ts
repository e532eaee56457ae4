import { Features } from './messages.js';
import type { ReplicaOptions } from './options.js';

/** What a member tells others that it can do. */
export function featuresOf(options: ReplicaOptions): number {
  return Features.cumulative | (options.timing.heartbeat === null ? 0 : Features.heartbeat);
}
