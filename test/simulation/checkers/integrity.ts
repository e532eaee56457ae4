import { epochOf, type ServerId, type Zxid } from '@corral/primitives';
import type { Applied } from '../world/disk.js';
import { BrokenPromiseError } from './broken-promise.js';
import { name } from './total-order.js';

/** Integrity and LocalPrimaryOrder: what is delivered was proposed, by the leader of its epoch, which proposes in order. */
export class IntegrityChecker {
  readonly #proposed = new Map<Zxid, string>();
  readonly #lastOf = new Map<number, Zxid>();

  proposed(by: ServerId, transaction: Applied, epoch: number): void {
    const { zxid, text } = transaction;
    if (epochOf(zxid) !== epoch)
      throw new BrokenPromiseError('Integrity', `${by} proposes ${name(transaction)} in epoch ${epoch}`);
    const last = this.#lastOf.get(epoch);
    if (last !== undefined && zxid !== last + 1) {
      throw new BrokenPromiseError(
        'LocalPrimaryOrder',
        `${by} proposes ${name(transaction)} after ${last.toString(16)}`,
      );
    }
    this.#lastOf.set(epoch, zxid);
    this.#proposed.set(zxid, text);
  }

  delivered(who: string, transaction: Applied): void {
    if (this.#proposed.get(transaction.zxid) === transaction.text) return;
    throw new BrokenPromiseError('Integrity', `${who} delivers ${name(transaction)}, which nobody proposed`);
  }
}
