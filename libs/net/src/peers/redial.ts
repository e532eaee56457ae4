/** How long to wait before the next try to connect: doubling, bounded, and spread so that members do not knock in step. */
export class Redial {
  readonly #limits: { readonly redialMsMin: number; readonly redialMsMax: number };
  readonly #random: () => number;
  #failures = 0;

  /** `random` gives numbers from 0 to 1. */
  constructor(limits: { readonly redialMsMin: number; readonly redialMsMax: number }, random: () => number) {
    this.#limits = limits;
    this.#random = random;
  }

  /** The pause after one more failure. */
  nextPauseMs(): number {
    const { redialMsMin, redialMsMax } = this.#limits;
    const fullMs = Math.min(redialMsMin * 2 ** this.#failures, redialMsMax);
    this.#failures += 1;
    return fullMs / 2 + (fullMs / 2) * this.#random();
  }

  /** A try has succeeded, or there is news that makes one worthwhile. */
  reset(): void {
    this.#failures = 0;
  }
}
