import type { Zxid } from '@corral/primitives';

/** A transaction as the log holds it: its number and opaque bytes. */
export interface LogEntry {
  readonly zxid: Zxid;
  /** Begins with ZooKeeper's transaction header, which holds the zxid, so that a log needs no index. Valid until the iteration goes on. */
  readonly bytes: Uint8Array;
}

/**
 * The history of a member: the port that `libs/storage` and `libs/storage-memory` implement.
 * Nothing appended counts until a `sync` that began afterwards has succeeded.
 */
export interface TransactionLog {
  /** The newest entry, 0 when there is none. */
  readonly lastZxid: Zxid;
  /** Takes a copy of the entry. Zxids only go up. */
  append(zxid: Zxid, bytes: Uint8Array): void;
  /**
   * Makes all that was appended so far durable, then calls back, with the error when that failed. One sync at a time.
   * After an error nothing can be appended any more: whether the bytes are on disk is unknown, and a second try could not tell either.
   */
  sync(done: (error: Error | undefined) => void): void;
  /** The entries after `zxid`, oldest first. */
  read(after: Zxid): Iterable<LogEntry>;
  /** Drops every entry after `zxid`. */
  truncate(zxid: Zxid): void;
  /** Entries up to and including `zxid` are no longer needed; the log may drop them whenever whole files are free. */
  purge(through: Zxid): void;
}
