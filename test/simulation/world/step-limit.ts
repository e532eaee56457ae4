import { BrokenPromiseError } from '../checkers/broken-promise.js';

/** Far more than happens in any run that goes on. */
const STEPS_MAX = 1_000_000;

/** Counts what happens. */
export class StepLimit {
  #steps = 0;

  /** @throws BrokenPromiseError when there is no end to it */
  step(): void {
    this.#steps += 1;
    if (this.#steps > STEPS_MAX) throw new BrokenPromiseError('Liveness', 'the members talk without end');
  }
}
