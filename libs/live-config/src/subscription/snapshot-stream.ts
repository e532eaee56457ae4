import type { ConfigSnapshot } from './types.js';

type Waiter = () => void;

/** The newest snapshot, and those who wait for it or for the next. */
export class SnapshotStream {
  readonly #waiters = new Set<Waiter>();
  #newest: ConfigSnapshot | undefined;
  #isClosed = false;

  push(snapshot: ConfigSnapshot): void {
    this.#newest = snapshot;
    this.#wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  /** The newest snapshot as soon as there is one. Rejects when closed before, or with the signal's reason. */
  async first(signal: AbortSignal | undefined): Promise<ConfigSnapshot> {
    for await (const snapshot of this.iterate(signal)) return snapshot;
    signal?.throwIfAborted();
    throw new Error('the subscription was closed before it had a configuration');
  }

  /** The newest snapshot, then each that is newest when it is asked for. Ends when closed or aborted. */
  async *iterate(signal: AbortSignal | undefined): AsyncGenerator<ConfigSnapshot, void, void> {
    let shown: ConfigSnapshot | undefined;
    for (;;) {
      while (this.#newest === shown) {
        if (this.#isClosed || signal?.aborted === true) return;
        await this.#next(signal);
      }
      if (signal?.aborted === true) return;
      shown = this.#newest;
      if (shown !== undefined) yield shown;
    }
  }

  #next(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const waiter = (): void => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener('abort', waiter);
        resolve();
      };
      this.#waiters.add(waiter);
      signal?.addEventListener('abort', waiter, { once: true });
    });
  }

  #wake(): void {
    for (const waiter of [...this.#waiters]) waiter();
  }
}
