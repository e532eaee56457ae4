import type { Acl } from '@corral/model';
import type { SessionId } from '@corral/primitives';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';
import type { SnapshotZnode } from './records.js';

/*
 * The records of a snapshot as it goes from a leader to a learner: the number of sessions and the sessions, the number of ACLs and the ACLs,
 * the znodes, a path that ends them, and a signature. A file has a header before and a checksum behind them; nobody needs ours.
 */

/** What follows the tree in the stream from a leader; a learner refuses a snapshot without it. */
export const SNAPSHOT_SIGNATURE = 'BenWasHere';

/** What ZooKeeper keeps in place of the children's versions that it does not persist. */
const PERSISTED_STAT_SIZE_BYTES = 60;

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

/** A znode. Its parent must have been written before. */
export function writeSnapshotZnode(writer: RecordWriter, { path, data, aclKey, stat }: SnapshotZnode): void {
  writer.writeString(path);
  writer.writeBuffer(data);
  writer.writeLongBig(aclKey);
  writer.reserve(PERSISTED_STAT_SIZE_BYTES);
  writer.writeLong(stat.czxid);
  writer.writeLong(stat.mzxid);
  writer.writeLong(stat.ctimeMs);
  writer.writeLong(stat.mtimeMs);
  writer.writeInt(stat.version);
  writer.writeInt(stat.cversion);
  writer.writeInt(stat.aversion);
  writer.writeLongBig(stat.ephemeralOwner);
  writer.writeLong(stat.pzxid);
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
