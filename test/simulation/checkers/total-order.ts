import type { Applied } from '../world/disk.js';
import { BrokenPromiseError } from './broken-promise.js';

/**
 * TotalOrder, PrefixConsistency, Agreement and GlobalPrimaryOrder: what members deliver is one sequence, of which each has a beginning, and in
 * which zxids go up.
 */
export class TotalOrderChecker {
  /** The one sequence: as far as anybody has delivered it. */
  readonly sequence: Applied[] = [];

  /** Somebody has delivered this as number `place` of its own. Returns whether nobody had before. */
  delivered(who: string, place: number, transaction: Applied): boolean {
    const known = this.sequence[place];
    if (known !== undefined) {
      if (known.zxid !== transaction.zxid || known.text !== transaction.text) {
        throw new BrokenPromiseError(
          'TotalOrder',
          `as number ${place} ${who} delivers ${name(transaction)}, another member ${name(known)}`,
        );
      }
      return false;
    }
    if (place !== this.sequence.length)
      throw new BrokenPromiseError('TotalOrder', `${who} leaves out number ${this.sequence.length}`);
    const last = this.sequence.at(-1);
    if (last !== undefined && last.zxid >= transaction.zxid) {
      throw new BrokenPromiseError('GlobalPrimaryOrder', `${who} delivers ${name(transaction)} after ${name(last)}`);
    }
    this.sequence.push(transaction);
    return true;
  }

  /** Somebody has all of this at once, from a snapshot or from its disk. */
  has(who: string, sequence: readonly Applied[]): void {
    sequence.forEach((transaction, place) => this.delivered(who, place, transaction));
  }
}

export function name({ zxid, text }: Applied): string {
  return `${zxid.toString(16)} (${text})`;
}
