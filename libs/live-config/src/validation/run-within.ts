import { createContext, Script } from 'node:vm';

/*
 * A pattern that backtracks, or a comparison of each with each, holds up the whole process. Nothing that runs beside it can stop it
 * but the engine, and the engine only does so for scripts: so the work is called from a script of one line.
 */

const context = createContext({ work: () => false });
const script = new Script('work()');

/** Runs the work; throws what it throws, or, when its time is up, an error that `isTimeout` knows. */
export function runWithin(timeoutMs: number, work: () => unknown): unknown {
  context['work'] = work;
  try {
    return script.runInContext(context, { timeout: timeoutMs }) as unknown;
  } finally {
    context['work'] = undefined;
  }
}

/** Whether it was the time that ended the work. */
export function isTimeout(error: unknown): boolean {
  // Not `instanceof`: the error is of the script's world.
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
