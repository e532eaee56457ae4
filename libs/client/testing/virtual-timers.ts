import type { Timers } from '@corral/client';

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

/** A clock that stands still until a test moves it. */
export class VirtualTimers implements Timers {
  #nowMs = 1_000_000;
  readonly #timers = new Set<Timer>();
  #deferred: (() => void)[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  setTimeout(run: () => void, delayMs: number): unknown {
    const timer: Timer = { atMs: this.#nowMs + Math.max(delayMs, 0), run };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  defer(run: () => void): void {
    this.#deferred.push(run);
  }

  /** Runs what was put off to the end of the turn. Says whether there was anything. */
  runDeferred(): boolean {
    const runs = this.#deferred;
    this.#deferred = [];
    for (const run of runs) run();
    return runs.length > 0;
  }

  /** Runs the timers whose time has come, in order. Says whether there were any. */
  runDue(): boolean {
    const due = [...this.#timers].filter(({ atMs }) => atMs <= this.#nowMs).sort((a, b) => a.atMs - b.atMs);
    for (const timer of due) if (this.#timers.delete(timer)) timer.run();
    return due.length > 0;
  }

  /** When the next timer is due; infinity when there is none. */
  get nextDueMs(): number {
    let next = Infinity;
    for (const { atMs } of this.#timers) next = Math.min(next, atMs);
    return next;
  }

  moveTo(nowMs: number): void {
    this.#nowMs = nowMs;
  }
}
