import { assert, NO_SESSION, type SessionId, type Zxid } from '@corral/primitives';
import { type Change, ErrorCode, OpCode } from '@corral/model';
import { RecordWriter, writeTransaction } from '@corral/wire';
import { type CommitQueue, ownRequest, type Pending } from '../commit-queue.js';
import type { Applier } from './applier.js';
import { refusalChange } from './refusal-of.js';

/** Where proposals go. */
export interface Proposer {
  /** The number that the next proposal gets; undefined when none can be made. */
  readonly nextZxid: Zxid | undefined;
  /** The bytes must not change any more. */
  propose(transaction: Uint8Array): void;
}

/** A leader's writes: proposed to the ensemble, applied and answered when a quorum has them on disk. */
export class LeaderCommit implements CommitQueue {
  readonly #proposer: Proposer;
  readonly #applier: Applier;
  readonly #scratch = new RecordWriter(4096);
  #lastProposed: Zxid;

  constructor(proposer: Proposer, applier: Applier) {
    this.#proposer = proposer;
    this.#applier = applier;
    this.#lastProposed = applier.committedZxid;
  }

  get size(): number {
    return this.#applier.size;
  }

  get sizeBytes(): number {
    return this.#applier.sizeBytes;
  }

  /** Whether there is a number for another transaction; when not, the next leader's is at hand. */
  get canPropose(): boolean {
    return this.#proposer.nextZxid !== undefined;
  }

  get nextZxid(): Zxid {
    const zxid = this.#proposer.nextZxid;
    assert(zxid !== undefined, 'only a leader that can propose is asked to');
    return zxid;
  }

  propose(pending: Pending, sessionId: SessionId, timeMs: number, change: Change): void {
    const zxid = this.nextZxid;
    const header = { sessionId, cxid: pending.xid, zxid, timeMs };
    const scratch = this.#scratch;
    scratch.clear();
    writeTransaction(scratch, header, change);
    const bytes = Buffer.from(scratch.buffer.subarray(0, scratch.length));
    pending.transaction = { header, change };
    this.#lastProposed = zxid;
    this.#applier.proposed(pending.transaction, pending, bytes.length);
    this.#proposer.propose(bytes);
  }

  confirm(pending: Pending, sessionId: SessionId, timeMs: number): void {
    if (pending.refusal === ErrorCode.ok) {
      this.proposeNothing(timeMs);
      this.await(pending);
    } else {
      this.propose(pending, sessionId, timeMs, refusalChange(pending.refusal));
    }
  }

  /** Proposes what changes nothing: when it is committed, this leader led at some time after the call. It is nobody's request. */
  proposeNothing(timeMs: number): void {
    this.propose(ownRequest(OpCode.error, timeMs), NO_SESSION, timeMs, refusalChange(ErrorCode.ok));
  }

  await(pending: Pending): void {
    this.#applier.await(this.#lastProposed, pending);
  }

  /** Does something when all that is proposed by now is applied. */
  afterProposed(run: () => void): void {
    this.#applier.await(this.#lastProposed, undefined, run);
  }
}
