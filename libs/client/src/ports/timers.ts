/** The clock and the timers of a client. A test or a simulator hands in its own, and then time passes when it says so. */
export interface Timers {
  /** Milliseconds of a clock that never jumps; where it begins does not matter. */
  nowMs(): number;
  /** Calls `run` once, `delayMs` from now; answers with what `clearTimeout` takes. */
  setTimeout(run: () => void, delayMs: number): unknown;
  /** Forgets a timer; one that has fired already is no fault. */
  clearTimeout(timer: unknown): void;
  /** Calls `run` once, after everything that has arrived by now is taken in: `setImmediate` in a process. */
  defer(run: () => void): void;
}

/** The process's own clock. */
export const systemTimers: Timers = {
  nowMs: () => performance.now(),
  setTimeout: (run, delayMs) => setTimeout(run, delayMs),
  clearTimeout: (timer) => {
    clearTimeout(timer as NodeJS.Timeout);
  },
  defer: (run) => {
    setImmediate(run);
  },
};
