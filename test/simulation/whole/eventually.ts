type Outcome<Value> = { readonly value: Value } | { readonly error: unknown };

/**
 * A promise of virtual time: who waits for it goes on at once when it is settled, within the same step. What a continuation throws reaches the
 * world, where a real promise would keep it.
 */
export class Eventually<Value> implements PromiseLike<Value> {
  #outcome: Outcome<Value> | undefined;
  readonly #waiting: ((outcome: Outcome<Value>) => void)[] = [];

  /** One that is settled already. */
  static of<Value>(value: Value): Eventually<Value> {
    const eventually = new Eventually<Value>();
    eventually.resolve(value);
    return eventually;
  }

  resolve(value: Value): void {
    this.#settle({ value });
  }

  reject(error: unknown): void {
    this.#settle({ error });
  }

  #settle(outcome: Outcome<Value>): void {
    this.#outcome = outcome;
    for (const go of this.#waiting.splice(0)) go(outcome);
  }

  then<Fulfilled = Value, Rejected = never>(
    onFulfilled?: ((value: Value) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((error: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Eventually<Fulfilled | Rejected> {
    const next = new Eventually<Fulfilled | Rejected>();
    const go = (outcome: Outcome<Value>): void => {
      if ('error' in outcome) {
        if (onRejected) next.#follow(onRejected(outcome.error));
        else next.reject(outcome.error);
      } else if (onFulfilled) next.#follow(onFulfilled(outcome.value));
      else next.resolve(outcome.value as unknown as Fulfilled);
    };
    if (this.#outcome === undefined) this.#waiting.push(go);
    else go(this.#outcome);
    return next;
  }

  #follow(result: Value | PromiseLike<Value>): void {
    if (result !== null && typeof result === 'object' && 'then' in result) {
      void result.then(
        (value) => {
          this.resolve(value);
        },
        (error: unknown) => {
          this.reject(error);
        },
      );
    } else this.resolve(result);
  }
}
