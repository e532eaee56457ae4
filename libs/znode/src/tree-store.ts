import type { SessionId, Zxid } from '@corral/primitives';
import type { ZnodeRecord } from './record.js';

/** What a store keeps about the tree as a whole. The tree writes the fields; a flush makes them last, together with the records. */
export interface TreeState {
  /** The newest transaction that the records show. */
  appliedZxid: Zxid;
  znodeCount: number;
  /** Bytes of all paths and data. */
  dataSizeBytes: number;
}

/**
 * Where a tree keeps its records: the port that `libs/storage` (LMDB) and `libs/storage-memory` implement.
 *
 * Reads see every earlier write at once. What lasts is decided by `flush`: it makes all writes so far, and `state`, durable as one
 * unit, so that after a crash the store shows exactly the transactions up to `state.appliedZxid`, and the log gives the rest.
 * The tree calls `transactionApplied` between transactions only; there, and nowhere else, may a store flush by itself.
 */
export interface TreeStore {
  readonly state: TreeState;

  /** The record at a path. It is live: the tree may change its bytes in place, and then must `put` it again before the transaction ends. */
  get(path: string): ZnodeRecord | undefined;
  /** Writes a record, new or changed. The store keeps the reference. */
  put(path: string, record: ZnodeRecord): void;
  remove(path: string): void;
  /** Tells that `parent` gained or lost the child `name`; comes with every put of a new path and every remove. */
  linkChild(parent: string, name: string): void;
  unlinkChild(parent: string, name: string): void;
  /** The names of the children, in no particular order. */
  childNames(parent: string): string[];

  /** Sessions and their timeouts. */
  putSession(id: SessionId, timeoutMs: number): void;
  removeSession(id: SessionId): void;
  sessions(): Iterable<readonly [SessionId, number]>;

  /** Znodes whose owner field is not 0 (ephemeral, container, TTL), so that a start need not read the whole tree to find them. */
  putOwned(path: string, owner: SessionId): void;
  removeOwned(path: string): void;
  owned(): Iterable<readonly [string, SessionId]>;

  /** A transaction is complete; `state` is up to date. */
  transactionApplied(): void;

  /** Writes all that is not yet written. @throws when the disk refuses; what was in memory stays there and stays readable. */
  flush(): void;
  /** The newest transaction that would survive a power cut without the log; the log may forget what is older. */
  readonly flushedZxid: Zxid;
  /** Whether changes come faster than they can be written: the owner should commit no more until a flush has ended. */
  readonly isBehind?: boolean;
}
