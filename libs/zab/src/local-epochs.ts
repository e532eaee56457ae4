import { assert } from '@corral/primitives';
import type { Epochs } from './history.js';
import type { Outbox } from './outbox.js';

/** The two epochs of this member: what it has decided, and what of that is on disk. Both only go up. */
export class LocalEpochs {
  readonly #outbox: Outbox;
  #accepted: number;
  #current: number;
  #acceptedStored: number;
  #currentStored: number;

  constructor(found: Epochs, outbox: Outbox) {
    this.#outbox = outbox;
    this.#accepted = Math.max(found.acceptedEpoch, found.currentEpoch);
    this.#current = found.currentEpoch;
    this.#acceptedStored = found.acceptedEpoch;
    this.#currentStored = found.currentEpoch;
  }

  get accepted(): number {
    return this.#accepted;
  }

  get current(): number {
    return this.#current;
  }

  accept(epoch: number): void {
    assert(epoch > this.#accepted, 'an accepted epoch is newer than the one before');
    this.#accepted = epoch;
    this.#store();
  }

  /** The history of this member is the one of the leader of `epoch` from now on. */
  makeCurrent(epoch: number): void {
    assert(epoch === this.#accepted, 'the current epoch was accepted first');
    if (epoch === this.#current) return;
    assert(epoch > this.#current, 'the current epoch only goes up');
    this.#current = epoch;
    this.#store();
  }

  stored(acceptedEpoch: number, currentEpoch: number): void {
    this.#acceptedStored = Math.max(this.#acceptedStored, acceptedEpoch);
    this.#currentStored = Math.max(this.#currentStored, currentEpoch);
  }

  /** Whether a crash cannot make this member forget that it accepted this epoch. */
  hasStoredAccepted(epoch: number): boolean {
    return this.#acceptedStored >= epoch;
  }

  hasStoredCurrent(epoch: number): boolean {
    return this.#currentStored >= epoch;
  }

  #store(): void {
    this.#outbox.push({ kind: 'store-epochs', acceptedEpoch: this.#accepted, currentEpoch: this.#current });
  }
}
