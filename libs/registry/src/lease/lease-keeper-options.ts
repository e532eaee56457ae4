import type { Timers } from '@corral/client';
import type { Logger } from '@corral/primitives';

/** What a keeper of leases can be told; nothing is needed. */
export interface LeaseKeeperOptions {
  readonly logger?: Logger;
  readonly timers?: Timers;
  /** The wall clock, for `registeredAtMs`: milliseconds since 1970. */
  readonly wallClockMs?: () => number;
}
