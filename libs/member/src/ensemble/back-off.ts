/** Waits that double from one failure to the next, until something succeeds. Times are the caller's clock, in milliseconds. */
export class BackOff {
  readonly #delayMsMin: number;
  readonly #delayMsMax: number;
  #delayMs = 0;
  #untilMs = -Infinity;

  constructor(delayMsMin: number, delayMsMax: number) {
    this.#delayMsMin = delayMsMin;
    this.#delayMsMax = delayMsMax;
  }

  /** Answers with how long the wait is. */
  failed(nowMs: number): number {
    this.#delayMs = Math.min(Math.max(this.#delayMs * 2, this.#delayMsMin), this.#delayMsMax);
    this.#untilMs = nowMs + this.#delayMs;
    return this.#delayMs;
  }

  succeeded(): void {
    this.#delayMs = 0;
    this.#untilMs = -Infinity;
  }

  /** Whether it is not yet time to try again. */
  isWaiting(nowMs: number): boolean {
    return nowMs < this.#untilMs;
  }
}
