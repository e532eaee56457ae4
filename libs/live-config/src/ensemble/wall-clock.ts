import { setTimeout as sleep } from 'node:timers/promises';
import type { WallClock } from '../store/types.js';
import type { SubscriptionClock } from '../subscription/types.js';

/** The clock of this machine. */
export const systemClock: WallClock & SubscriptionClock = {
  nowMs: () => Date.now(),
  wait: async (ms, signal) => {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  },
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
