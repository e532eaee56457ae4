import { assert, type Zxid } from '@corral/primitives';
import type { Transaction } from '@corral/model';
import type { LogEntry } from '@corral/zab';
import { readTransaction, RecordReader } from '@corral/wire';
import type { ChangeResult } from '@corral/znode';
import type { Pending } from '../commit-queue.js';

/** With more logged and not yet committed in memory, the rest is read from the log when its time comes. */
const HELD_BYTES_MAX = 32 * 1024 * 1024;
/** After so long the loop gets a chance to do something else. */
const SLICE_MS = 8;
/** The clock is looked at once in so many transactions. */
const TRANSACTIONS_PER_LOOK = 128;
/** What is done at the head of the queue is cut off when it is so long. */
const DONE_ENTRIES_MAX = 1024;

/** Something that waits for a commit. */
interface Entry {
  /** The transaction's number; for a mere answer, the number of the last transaction before it. */
  readonly zxid: Zxid;
  /** As the log has it; absent where this member made it, or where there is none. */
  readonly bytes: Uint8Array | undefined;
  readonly transaction: Transaction | undefined;
  readonly pending: Pending | undefined;
  /** What to do when its turn comes, where it is neither a transaction nor an answer. */
  readonly run: (() => void) | undefined;
  readonly sizeBytes: number;
}

/** What applying works with. */
export interface ApplierPorts {
  readonly appliedZxid: () => Zxid;
  readonly apply: (transaction: Transaction) => ChangeResult | ChangeResult[];
  readonly readLog: (after: Zxid) => Iterable<LogEntry>;
  readonly treeIsBehind: () => boolean;
  readonly monotonicMs: () => number;
  readonly defer: (run: () => void) => void;
  /** A transaction is applied; `pending` is who waits for it here, if this member proposed it. */
  readonly applied: (
    transaction: Transaction,
    result: ChangeResult | ChangeResult[],
    pending: Pending | undefined,
  ) => void;
  /** An answer that had to wait for what was proposed before it may go. */
  readonly answer: (pending: Pending) => void;
  /** A batch is done. */
  readonly turnEnd: () => void;
}

/**
 * Applies what is committed, in order and nothing else. What was logged lately is at hand; what was logged long ago, as after a start
 * or a long catching up, is read from the log. Works in slices, and only as fast as the tree is written.
 */
export class Applier {
  readonly #ports: ApplierPorts;
  readonly #reader = new RecordReader();
  #entries: Entry[] = [];
  #head = 0;
  #heldBytes = 0;
  #committed: Zxid;
  #isDeferred = false;
  #isRunning = false;

  constructor(ports: ApplierPorts) {
    this.#ports = ports;
    this.#committed = ports.appliedZxid();
  }

  /** The newest transaction that is known to be committed. */
  get committedZxid(): Zxid {
    return this.#committed;
  }

  /** Whether all that is committed is applied. */
  get isCaughtUp(): boolean {
    return this.#ports.appliedZxid() >= this.#committed;
  }

  /** Entries that wait. */
  get size(): number {
    return this.#entries.length - this.#head;
  }

  get sizeBytes(): number {
    return this.#heldBytes;
  }

  /** A transaction of the leader's was logged. */
  logged(zxid: Zxid, bytes: Uint8Array): void {
    if (this.#heldBytes > HELD_BYTES_MAX) return;
    const last = this.#entries.at(-1);
    // What this member has proposed is here already.
    if (last !== undefined && last.zxid >= zxid) return;
    this.#add({ zxid, bytes, transaction: undefined, pending: undefined, run: undefined, sizeBytes: bytes.length });
  }

  /** This member has proposed a transaction. */
  proposed(transaction: Transaction, pending: Pending, sizeBytes: number): void {
    const { zxid } = transaction.header;
    this.#add({ zxid, bytes: undefined, transaction, pending, run: undefined, sizeBytes });
  }

  /** Something has to wait until all up to `zxid` is applied: an answer, or another thing to do. */
  await(zxid: Zxid, pending: Pending | undefined, run?: () => void): void {
    this.#add({ zxid, bytes: undefined, transaction: undefined, pending, run, sizeBytes: 0 });
    this.#schedule();
  }

  #add(entry: Entry): void {
    this.#entries.push(entry);
    this.#heldBytes += entry.sizeBytes;
  }

  /** Everything up to `through` is committed. */
  commit(through: Zxid): void {
    if (through > this.#committed) this.#committed = through;
    this.resume();
  }

  /** Lets go of what is only logged: it may be cut off the log, or will be read from there. */
  forget(): void {
    this.#entries = [];
    this.#head = 0;
    this.#heldBytes = 0;
  }

  /** The tree is another one. */
  reset(): void {
    this.forget();
    this.#committed = this.#ports.appliedZxid();
  }

  #schedule(): void {
    if (this.#isDeferred) return;
    this.#isDeferred = true;
    this.#ports.defer(() => {
      this.#isDeferred = false;
      this.resume();
    });
  }

  /** Goes on: more is committed, or the tree has caught up. */
  resume(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#advance();
    this.#isRunning = false;
    this.#dropDone();
    this.#ports.turnEnd();
  }

  #advance(): void {
    const { appliedZxid, monotonicMs, treeIsBehind } = this.#ports;
    const startedAtMs = monotonicMs();
    for (let count = 1; ; count += 1) {
      const applied = appliedZxid();
      const entry = this.#entries[this.#head];
      if (entry !== undefined && entry.zxid <= applied) {
        this.#head += 1;
        this.#heldBytes -= entry.sizeBytes;
        this.#passed(entry);
        continue;
      }
      if (applied >= this.#committed || treeIsBehind()) return;
      if (count % TRANSACTIONS_PER_LOOK === 0 && monotonicMs() - startedAtMs > SLICE_MS) {
        this.#schedule();
        return;
      }
      const isNext = entry !== undefined && entry.zxid === applied + 1;
      if (!isNext && this.#applyFromLog(applied, entry)) continue;
      assert(entry !== undefined, 'what is committed is in the log');
      if (entry.zxid > this.#committed) return;
      this.#applyEntry(entry);
    }
  }

  /** An entry whose transaction, if it has one, was applied by other means, or that has none. */
  #passed({ pending, run, transaction }: Entry): void {
    run?.();
    if (pending !== undefined && transaction === undefined) this.#ports.answer(pending);
  }

  #applyEntry(entry: Entry): void {
    this.#head += 1;
    this.#heldBytes -= entry.sizeBytes;
    const transaction = entry.transaction ?? this.#decode(entry.bytes);
    this.#ports.applied(transaction, this.#ports.apply(transaction), entry.pending);
  }

  #decode(bytes: Uint8Array | undefined): Transaction {
    assert(bytes !== undefined, 'an entry has a transaction or its bytes');
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return readTransaction(this.#reader.reset(buffer, 0, buffer.length));
  }

  /** Applies a slice out of the log: what comes after `applied` and before the next entry. Says whether there was anything. */
  #applyFromLog(applied: Zxid, next: Entry | undefined): boolean {
    let count = 0;
    for (const { zxid, bytes } of this.#ports.readLog(applied)) {
      if (zxid > this.#committed || (next !== undefined && zxid >= next.zxid)) break;
      const transaction = this.#decode(bytes);
      this.#ports.applied(transaction, this.#ports.apply(transaction), undefined);
      count += 1;
      if (count >= TRANSACTIONS_PER_LOOK * 8 || this.#ports.treeIsBehind()) break;
    }
    return count > 0;
  }

  #dropDone(): void {
    if (this.#head === this.#entries.length) {
      this.#entries.length = 0;
      this.#head = 0;
    } else if (this.#head > DONE_ENTRIES_MAX) {
      this.#entries.splice(0, this.#head);
      this.#head = 0;
    }
  }
}
