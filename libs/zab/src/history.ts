import type { Zxid } from '@corral/primitives';

/**
 * What a replica asks about the member's history, which is its tree and, after that, its log. It is read when the replica starts and when it
 * decides how a learner is brought up to date, never while transactions flow.
 */
export interface History {
  /** The newest transaction, logged or in the tree; durable or not. 0 when there is none. */
  readonly lastZxid: Zxid;
  /** The newest transaction of the tree. All that is in the tree is committed. */
  readonly appliedZxid: Zxid;
  /** Every transaction after this one can still be read from the log; nothing up to it need be there. */
  readonly startZxid: Zxid;
  /**
   * The newest transaction that is in the log or is `startZxid` itself, and is not after `zxid`; undefined when `zxid` is before `startZxid`.
   * So it is `zxid` exactly when that transaction is part of this history.
   */
  newestUpTo(zxid: Zxid): Zxid | undefined;
  /**
   * 32 bits that tell the transaction with this number from any other one with that number, and are the same on all members that have it;
   * undefined when the log does not have it. Two ensembles give the same numbers to different transactions.
   */
  fingerprintOf(zxid: Zxid): number | undefined;
}

/** The two numbers that a member keeps beside its log. Both are on disk before anything that rests on them is said. */
export interface Epochs {
  /** The newest epoch that the member has promised to take part in: it takes no part in an older one. */
  readonly acceptedEpoch: number;
  /** The epoch of the leader whose history the member's history is. */
  readonly currentEpoch: number;
}
