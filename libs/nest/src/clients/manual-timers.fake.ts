import type { Timers } from '@corral/client';

/** Time that passes when the test says so. */
export class ManualTimers implements Timers {
  #nowMs = 0;
  #next = 1;
  readonly #due = new Map<number, { readonly atMs: number; run(): void }>();

  /** How many timers run. */
  get pending(): number {
    return this.#due.size;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  setTimeout(run: () => void, delayMs: number): unknown {
    this.#due.set(this.#next, { atMs: this.#nowMs + delayMs, run });
    return this.#next++;
  }

  clearTimeout(timer: unknown): void {
    this.#due.delete(timer as number);
  }

  defer(run: () => void): void {
    queueMicrotask(run);
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    for (const [id, { atMs, run }] of [...this.#due]) {
      if (atMs > this.#nowMs || !this.#due.delete(id)) continue;
      run();
    }
  }
}
