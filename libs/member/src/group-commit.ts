import { assert, type SessionId, type Zxid } from '@corral/primitives';
import type { Change } from '@corral/model';
import type { TransactionLog } from '@corral/zab';
import { RecordWriter, writeTransaction } from '@corral/wire';
import type { ChangeResult, OutstandingChanges, Tree } from '@corral/znode';
import type { CommitQueue, Pending } from './commit-queue.js';
import type { Connection } from './connection.js';
import { settleChange } from './settle-change.js';
import type { Metrics } from './status.js';

/** What a group commit works with. */
export interface GroupCommitPorts {
  readonly log: TransactionLog;
  readonly tree: Tree<Connection>;
  readonly outstanding: OutstandingChanges;
  readonly monotonicMs: () => number;
  readonly metrics: Metrics | undefined;
  /** Runs a function when the current turn of the loop has taken in all that had arrived. */
  readonly defer: (run: () => void) => void;
  /** Whether the tree cannot take more changes for now. */
  readonly treeIsBehind: () => boolean;
  /** An entry is decided and durable; its transaction, if it has one, is applied with this result. */
  readonly complete: (pending: Pending, result: ChangeResult | ChangeResult[]) => void;
  /** A batch is done. */
  readonly turnEnd: () => void;
  /** The log can make nothing durable any more. `lost` are the entries whose outcome nobody can know now. */
  readonly failed: (error: Error, lost: readonly Pending[]) => void;
}

/** Entries that share a sync. */
class Batch {
  readonly entries: Pending[] = [];
  /** Of their transactions. */
  sizeBytes = 0;
}

/**
 * Makes proposed transactions durable, many with one sync, and applies them in order. While one sync is under way the next batch
 * gathers; nothing is applied or answered before its bytes are on disk. The disk works while this side applies and answers.
 */
export class GroupCommit implements CommitQueue {
  readonly #ports: GroupCommitPorts;
  readonly #scratch = new RecordWriter(4096);
  /** Proposed and not yet given to a sync. */
  #gathering = new Batch();
  /** Given to the sync that is under way. */
  #syncing: Batch | undefined;
  /** Durable and not yet applied. */
  readonly #durable: Batch[] = [];
  #isApplying = false;
  #waiting = 0;
  #waitingBytes = 0;
  #deferred = false;
  #failure: Error | undefined;
  #lastZxid: Zxid;
  #idle: (() => void) | undefined;

  constructor(ports: GroupCommitPorts, lastZxid: Zxid) {
    this.#ports = ports;
    this.#lastZxid = lastZxid;
  }

  /** The newest zxid given out. */
  get lastZxid(): Zxid {
    return this.#lastZxid;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Entries that wait. */
  get size(): number {
    return this.#waiting;
  }

  /** Bytes of the transactions that wait. */
  get sizeBytes(): number {
    return this.#waitingBytes;
  }

  /** The number that the next transaction will get. A member alone holds no elections: its counter runs over into the epoch. */
  get nextZxid(): Zxid {
    return (this.#lastZxid + 1) as Zxid;
  }

  /** Logs a change under `nextZxid`. */
  propose(pending: Pending, sessionId: SessionId, timeMs: number, change: Change): void {
    assert(this.#failure === undefined, 'nothing is proposed after the log has failed');
    const zxid = this.nextZxid;
    this.#lastZxid = zxid;
    const header = { sessionId, cxid: pending.xid, zxid, timeMs };
    const scratch = this.#scratch;
    scratch.clear();
    writeTransaction(scratch, header, change);
    this.#ports.log.append(zxid, scratch.buffer.subarray(0, scratch.length));
    this.#gathering.sizeBytes += scratch.length;
    this.#waitingBytes += scratch.length;
    pending.transaction = { header, change };
    this.await(pending);
  }

  /** Goes on after the tree has caught up. */
  resume(): void {
    this.#startSync();
  }

  /** Queues an answer behind everything that is proposed by now. */
  await(pending: Pending): void {
    this.#gathering.entries.push(pending);
    this.#waiting += 1;
    if (this.#deferred || this.#syncing !== undefined) return;
    this.#deferred = true;
    this.#ports.defer(this.#startSync);
  }

  readonly #startSync = (): void => {
    this.#deferred = false;
    // Requests wait in their connections, which are bounded, and not as changes in memory, which would not be.
    if (this.#syncing !== undefined || this.#gathering.entries.length === 0 || this.#ports.treeIsBehind()) return;
    const batch = this.#gathering;
    this.#syncing = batch;
    this.#gathering = new Batch();
    const startedAtMs = this.#ports.monotonicMs();
    this.#ports.log.sync((error) => {
      if (error !== undefined) {
        this.#fail(error);
        return;
      }
      this.#ports.metrics?.logSynced(this.#ports.monotonicMs() - startedAtMs, batch.entries.length, batch.sizeBytes);
      this.#syncing = undefined;
      this.#durable.push(batch);
      this.#applyDurable();
    });
  };

  #applyDurable(): void {
    if (this.#isApplying) return;
    this.#isApplying = true;
    for (let batch = this.#durable.shift(); batch !== undefined; batch = this.#durable.shift()) {
      // The next batch goes to the disk before this one is applied and answered.
      this.#startSync();
      this.#apply(batch);
    }
    this.#isApplying = false;
    this.#startSync();
    this.#ports.turnEnd();
    if (this.#waiting === 0) this.#idle?.();
  }

  #apply(batch: Batch): void {
    for (const pending of batch.entries) {
      const { transaction } = pending;
      if (transaction === undefined) {
        this.#ports.complete(pending, undefined);
        continue;
      }
      // A turn's chunk of bytes lies behind the data; once applied it is copied, and the entry is let go.
      const result = this.#ports.tree.apply(transaction);
      settleChange(this.#ports.outstanding, transaction.change, transaction.header);
      this.#ports.complete(pending, result);
    }
    this.#waiting -= batch.entries.length;
    this.#waitingBytes -= batch.sizeBytes;
  }

  #fail(error: Error): void {
    this.#failure = error;
    const syncing = this.#syncing ?? new Batch();
    const lost = [...syncing.entries, ...this.#gathering.entries];
    this.#waiting -= lost.length;
    this.#waitingBytes -= syncing.sizeBytes + this.#gathering.sizeBytes;
    this.#syncing = undefined;
    this.#gathering = new Batch();
    this.#ports.outstanding.clear();
    this.#ports.failed(error, lost);
    this.#ports.turnEnd();
    this.#idle?.();
  }

  /** Resolves once nothing waits any more. */
  idle(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }
}
