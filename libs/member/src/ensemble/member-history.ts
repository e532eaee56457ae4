import type { Zxid } from '@corral/primitives';
import type { History, TransactionLog } from '@corral/zab';
import { fingerprintOfTransaction } from './transaction-fingerprint.js';

/** A member's history as a replica asks about it: the tree, and after that the log. */
export class MemberHistory implements History {
  readonly #log: () => TransactionLog;
  readonly #appliedZxid: () => Zxid;

  constructor(log: () => TransactionLog, appliedZxid: () => Zxid) {
    this.#log = log;
    this.#appliedZxid = appliedZxid;
  }

  get lastZxid(): Zxid {
    return Math.max(this.#log().lastZxid, this.appliedZxid) as Zxid;
  }

  get appliedZxid(): Zxid {
    return this.#appliedZxid();
  }

  /**
   * Within an epoch there are no gaps, so the log's first entry tells what came right before it: the transaction with the number before, or, when it
   * is its epoch's first, the beginning of that epoch. A log that goes on where the tree ends has the tree's last
   * transaction before it: a leader that lacks all of that log asks to cut it there.
   */
  get startZxid(): Zxid {
    const { appliedZxid } = this;
    for (const { zxid } of this.#log().read(0 as Zxid)) return Math.min(zxid - 1, appliedZxid) as Zxid;
    return appliedZxid;
  }

  fingerprintOf(zxid: Zxid): number | undefined {
    for (const entry of this.#log().read((zxid - 1) as Zxid)) {
      return entry.zxid === zxid ? fingerprintOfTransaction(entry.bytes) : undefined;
    }
    return undefined;
  }

  newestUpTo(zxid: Zxid): Zxid | undefined {
    const start = this.startZxid;
    if (zxid < start) return undefined;
    // Mostly it is in the log itself; only for a learner that has something else is all of it looked through.
    for (const entry of this.#log().read((zxid - 1) as Zxid)) {
      if (entry.zxid === zxid) return zxid;
      break;
    }
    let newest = start;
    for (const entry of this.#log().read(start)) {
      if (entry.zxid > zxid) break;
      newest = entry.zxid;
    }
    return newest;
  }
}
