/** How one run ended, whatever it ran. */
export interface Outcome {
  readonly seed: number;
  /** The promise that was broken, or the assertion. */
  readonly failure: Error | undefined;
  readonly trace: readonly string[];
  /** Transactions, and how many of them a client was told of. */
  readonly delivered: number;
  readonly acknowledged: number;
  /** Leaders that were established. */
  readonly epochs: number;
}
