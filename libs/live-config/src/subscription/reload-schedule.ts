import type { SubscriptionClock } from './types.js';

/**
 * When to reload: at once after a quiet time, so that a single release is applied without delay; then not before `debounceMs` have
 * passed, with all that changed meanwhile; and never twice at a time.
 */
export class ReloadSchedule {
  readonly #reload: () => Promise<void>;
  readonly #debounceMs: number;
  readonly #clock: SubscriptionClock;
  #isWanted = false;
  #isReloading = false;
  #isClosed = false;
  /** Before this the next reload has to wait. A time and no timer: most reloads are followed by nothing. */
  #quietFromMs = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(reload: () => Promise<void>, debounceMs: number, clock: SubscriptionClock) {
    this.#reload = reload;
    this.#debounceMs = debounceMs;
    this.#clock = clock;
  }

  /** Something has changed. It does not wait for a retry, only for the end of a quiet time. */
  want(): void {
    this.#isWanted = true;
    if (this.#isReloading || this.#isClosed) return;
    // A clock that is set back makes nobody wait for longer.
    const leftMs = Math.min(this.#quietFromMs - this.#clock.nowMs(), this.#debounceMs);
    if (leftMs > 0) this.#wantAfter(leftMs);
    else this.#start();
  }

  /** A reload failed: wants another after so long, or as soon as something changes. */
  retryAfter(ms: number): void {
    this.#wantAfter(ms);
  }

  close(): void {
    this.#isClosed = true;
    this.#clear();
  }

  #start(): void {
    this.#clear();
    this.#isWanted = false;
    this.#isReloading = true;
    void this.#reload().finally(() => {
      this.#isReloading = false;
      const willRetry = this.#cancelTimer !== undefined;
      if (willRetry && !this.#isWanted) return;
      this.#quietFromMs = this.#clock.nowMs() + this.#debounceMs;
      if (this.#isWanted) this.#wantAfter(this.#debounceMs);
    });
  }

  #wantAfter(ms: number): void {
    if (this.#isClosed) return;
    this.#clear();
    this.#cancelTimer = this.#clock.after(ms, () => {
      this.#cancelTimer = undefined;
      if (this.#isReloading) this.#isWanted = true;
      else this.#start();
    });
  }

  #clear(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
