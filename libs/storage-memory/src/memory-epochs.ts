import type { Epochs } from '@corral/zab';

/** The two epochs of a member, as its disk has them. A write lasts when `completeStore` says so. */
export class MemoryEpochs implements Epochs {
  #durable: Epochs = { acceptedEpoch: 0, currentEpoch: 0 };
  #pending: Epochs[] = [];

  get acceptedEpoch(): number {
    return this.#durable.acceptedEpoch;
  }

  get currentEpoch(): number {
    return this.#durable.currentEpoch;
  }

  /** Begins to write. Writes end one after the other. */
  store(epochs: Epochs): void {
    this.#pending.push({ ...epochs });
  }

  /** The oldest write has ended: a crash cannot take it any more. */
  completeStore(): Epochs | undefined {
    const done = this.#pending.shift();
    if (done !== undefined) this.#durable = done;
    return done;
  }

  /** The process dies. Of the writes that had not ended, the first `survivors` are found again. */
  crash(survivors = 0): void {
    for (let count = 0; count < survivors && this.#pending.length > 0; count += 1) this.completeStore();
    this.#pending = [];
  }

  /** The disk is replaced by an empty one. */
  wipe(): void {
    this.#pending = [];
    this.#durable = { acceptedEpoch: 0, currentEpoch: 0 };
  }
}
