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
  #timer: { readonly cancel: () => void; readonly isRetry: boolean } | undefined;

  constructor(reload: () => Promise<void>, debounceMs: number, clock: SubscriptionClock) {
    this.#reload = reload;
    this.#debounceMs = debounceMs;
    this.#clock = clock;
  }

  /** Something has changed. It does not wait for a retry, only for the end of a quiet time. */
  want(): void {
    this.#isWanted = true;
    if (this.#isReloading || this.#timer?.isRetry === false) return;
    this.#clear();
    this.#start();
  }

  /** A reload failed: wants another after so long, or as soon as something changes. */
  retryAfter(ms: number): void {
    this.#hold(ms, true);
  }

  close(): void {
    this.#isClosed = true;
    this.#clear();
  }

  #start(): void {
    if (this.#isClosed) return;
    this.#isWanted = false;
    this.#isReloading = true;
    void this.#reload().finally(() => {
      this.#isReloading = false;
      if (this.#timer === undefined || this.#isWanted) this.#hold(this.#debounceMs, false);
    });
  }

  #hold(ms: number, isRetry: boolean): void {
    if (this.#isClosed) return;
    this.#clear();
    const cancel = this.#clock.after(ms, () => {
      this.#timer = undefined;
      if (isRetry) this.#isWanted = true;
      if (this.#isWanted && !this.#isReloading) this.#start();
    });
    this.#timer = { cancel, isRetry };
  }

  #clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
