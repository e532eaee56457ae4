import type { SessionId, Zxid } from '@corral/primitives';
import { type Change, ErrorCode, type Transaction } from '@corral/model';
import type { Connection } from './connection.js';

/** Something whose answer must wait for the log: a transaction, or an answer that rests on transactions before it. */
export interface Pending {
  /** Who gets the answer; nobody where the member itself asked. */
  readonly connection: Connection | undefined;
  readonly xid: number;
  readonly type: number;
  /** The error to answer with, or those of a multi's parts. */
  readonly refusal: ErrorCode | readonly ErrorCode[];
  /** What the answer repeats: the path of a sync. */
  readonly echo: string | null;
  readonly receivedAtMs: number;
  /** Set when it is proposed; absent for an answer that only waits. */
  transaction: Transaction | undefined;
}

/** An entry for what the member itself asks: to end a session, to drop a container. */
export function ownRequest(type: number, receivedAtMs: number): Pending {
  return {
    connection: undefined,
    xid: 0,
    type,
    refusal: ErrorCode.ok,
    echo: null,
    receivedAtMs,
    transaction: undefined,
  };
}

/**
 * Where decided writes wait to be durable, and answers behind them. Alone a member syncs its own log (`GroupCommit`), a leader
 * waits for a quorum (`LeaderCommit`), and what a learner passes on waits for the leader's answer (`ForwardQueue`).
 */
export interface CommitQueue {
  /** Entries that wait. */
  readonly size: number;
  /** Bytes of the transactions that wait. */
  readonly sizeBytes: number;
  /** The number that the next transaction will get. */
  readonly nextZxid: Zxid;
  /** Logs a change under `nextZxid`. */
  propose(pending: Pending, sessionId: SessionId, timeMs: number, change: Change): void;
  /** Queues an answer behind everything that is proposed by now. */
  await(pending: Pending): void;
  /**
   * Queues an answer that changes nothing until a quorum has confirmed what it rests on. A leader that is deposed and does not know it yet finds none;
   * by itself it would answer out of a past that a newer leader's clients have left behind. Absent where nobody else can lead.
   */
  confirm?(pending: Pending, sessionId: SessionId, timeMs: number): void;
}
