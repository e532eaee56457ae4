import type { Timers } from '../ports/timers.js';

/**
 * A point in time after which something must be presumed. A process may have been stopped for a while, so what its sockets hold is taken
 * in first, and only then is the clock believed.
 */
export class Deadline {
  readonly #timers: Timers;
  #timer: unknown;
  /** Which setting the timer is for: one that was cleared while its check was on the way means nothing. */
  #generation = 0;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Calls `passed` once the clock shows `atMs`, unless it is cleared or set anew before. */
  set(atMs: number, passed: () => void): void {
    this.clear();
    const generation = this.#generation;
    this.#timer = this.#timers.setTimeout(
      () => {
        this.#timers.defer(() => {
          if (generation === this.#generation) passed();
        });
      },
      Math.max(Math.ceil(atMs - this.#timers.nowMs()), 0),
    );
  }

  clear(): void {
    this.#generation += 1;
    this.#timers.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
