/** Wakes everybody who waits for a change. */
export class ChangeSignal {
  readonly #waiters = new Set<{ wake: () => void; fail: (reason: Error) => void }>();
  #ended: { reason: Error } | undefined;

  /** Resolves at the next `wake`; rejects with the signal's reason, or with the reason of the end. */
  wait(signal: AbortSignal): Promise<void> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended.reason);
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.#waiters.delete(waiter);
        signal.removeEventListener('abort', onAbort);
      };
      const fail = (reason: Error): void => {
        done();
        reject(reason);
      };
      const onAbort = (): void => fail(signal.reason as Error);
      const waiter = {
        wake: () => {
          done();
          resolve();
        },
        fail,
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  wake(): void {
    for (const waiter of [...this.#waiters]) waiter.wake();
  }

  /** Nothing will change any more. */
  end(reason: unknown): void {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    this.#ended = { reason: error };
    for (const waiter of [...this.#waiters]) waiter.fail(error);
  }

  get waiters(): number {
    return this.#waiters.size;
  }
}
