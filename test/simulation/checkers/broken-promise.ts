/** An ensemble did what it must never do. */
export class BrokenPromiseError extends Error {
  override readonly name = 'BrokenPromiseError';
  readonly invariant: string;

  constructor(invariant: string, what: string) {
    super(`${invariant}: ${what}`);
    this.invariant = invariant;
  }
}
