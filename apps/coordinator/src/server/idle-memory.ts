import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How long it must have been quiet before the memory of a busy time is given back. */
const IDLE_MS = 2_000;

/** So few requests between two ticks are quiet: clients that only wait still ping. */
const QUIET_REQUESTS_MAX = 20;

/** So much work leaves garbage that is worth a collection; less does not. */
const REQUESTS_MIN = 10_000;

/**
 * Gives memory back after a busy time. V8 collects when somebody allocates, so a server that was busy and then is not would sit on
 * the garbage of its busiest minute for as long as it idles. A collection here takes some ten milliseconds, and nobody waits for it.
 */
export class IdleMemory {
  readonly #collect: () => void;
  #requestsSeen = 0;
  #requestsCollected = 0;
  #quietSinceMs = 0;

  constructor(collect: () => void = exposedCollector()) {
    this.#collect = collect;
  }

  /** Call it often, with the count of requests so far and the monotonic time. */
  tick(requests: number, nowMs: number): void {
    const isBusy = requests - this.#requestsSeen > QUIET_REQUESTS_MAX;
    this.#requestsSeen = requests;
    if (isBusy) {
      this.#quietSinceMs = nowMs;
      return;
    }
    const isWorthIt = Math.abs(requests - this.#requestsCollected) >= REQUESTS_MIN;
    if (!isWorthIt || nowMs - this.#quietSinceMs < IDLE_MS) return;
    this.#requestsCollected = requests;
    this.#collect();
  }
}

/** V8's own collector, which is there once it is asked for, without a flag on the command line. */
function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
