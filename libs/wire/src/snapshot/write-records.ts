import type { Acl } from '@corral/model';
import type { SessionId } from '@corral/primitives';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';
import { SNAPSHOT_MAGIC, SNAPSHOT_VERSION } from './records.js';
import { PERSISTED_STAT_SIZE_BYTES } from './persisted-stat.js';

/*
 * The records of a snapshot as it goes from a leader to a learner: the number of sessions and the sessions, the number of ACLs and the ACLs,
 * the znodes, a path that ends them, and a signature. A file has a header before them, and behind them a seal in place of the signature.
 */

/** What follows the tree in the stream from a leader; a learner refuses a snapshot without it. */
export const SNAPSHOT_SIGNATURE = 'BenWasHere';

/** Nobody uses it, and everybody writes this. */
const UNUSED_DATABASE_ID = -1;

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
  writeSnapshotTreeEnd(writer);
  writer.writeString(SNAPSHOT_SIGNATURE);
}

/** The end of the tree; in a file the seal follows. */
export function writeSnapshotTreeEnd(writer: RecordWriter): void {
  writer.writeString('/');
}

/** What a file begins with. */
export function writeSnapshotHeader(writer: RecordWriter): void {
  writer.writeInt(SNAPSHOT_MAGIC);
  writer.writeInt(SNAPSHOT_VERSION);
  writer.writeLong(UNUSED_DATABASE_ID);
}

/** What a file ends with: the Adler-32 of all bytes before it, unsigned, and a `/` for readers that look at the last bytes only. */
export function writeSnapshotSeal(writer: RecordWriter, checksum: number): void {
  writer.writeLong(checksum);
  writer.writeString('/');
}

/** The last record of a snapshot in a stream. */
export function readSnapshotSignature(reader: RecordReader): string | null {
  return reader.readString();
}
