import type { Acl } from '@corral/model';
import type { SessionId } from '@corral/primitives';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';
import { PERSISTED_STAT_SIZE_BYTES } from './persisted-stat.js';

/*
 * The records of a snapshot as it goes from a leader to a learner: the number of sessions and the sessions, the number of ACLs and the ACLs,
 * the znodes, a path that ends them, and a signature. A file has a header before and a checksum behind them; nobody needs ours.
 */

/** What follows the tree in the stream from a leader; a learner refuses a snapshot without it. */
export const SNAPSHOT_SIGNATURE = 'BenWasHere';

/** How many sessions or ACLs follow. */
export function writeSnapshotCount(writer: RecordWriter, count: number): void {
  writer.writeInt(count);
}

export function writeSnapshotSession(writer: RecordWriter, sessionId: SessionId, timeoutMs: number): void {
  writer.writeLongBig(sessionId);
  writer.writeInt(timeoutMs);
}

/** An ACL and the number by which znodes refer to it. */
export function writeSnapshotAcl(writer: RecordWriter, key: number, acl: readonly Acl[]): void {
  writer.writeLong(key);
  writer.writeAcl(acl);
}

/** Some bytes of a larger buffer. */
export interface ByteRange {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** A znode as bytes that are somewhere: of the millions that a snapshot has none becomes a string or an object of its own. */
export interface SnapshotZnodeParts {
  /** UTF-8; the root is empty. */
  readonly path: ByteRange;
  readonly data: ByteRange | null;
  readonly aclKey: number;
  /** In the form of `PersistedStatAt`. */
  readonly stat: Uint8Array;
}

/** A znode. Its parent must have been written before. */
export function writeSnapshotZnode(writer: RecordWriter, { path, data, aclKey, stat }: SnapshotZnodeParts): void {
  writeRange(writer, path);
  if (data === null) writer.writeInt(-1);
  else writeRange(writer, data);
  writer.writeLong(aclKey);
  writer.writeBytes(stat, 0, PERSISTED_STAT_SIZE_BYTES);
}

function writeRange(writer: RecordWriter, { bytes, start, end }: ByteRange): void {
  writer.writeInt(end - start);
  writer.writeBytes(bytes, start, end);
}

/** The end of the tree, and of the snapshot in a stream. */
export function writeSnapshotEnd(writer: RecordWriter): void {
  writer.writeString('/');
  writer.writeString(SNAPSHOT_SIGNATURE);
}

/** The last record of a snapshot in a stream. */
export function readSnapshotSignature(reader: RecordReader): string | null {
  return reader.readString();
}
