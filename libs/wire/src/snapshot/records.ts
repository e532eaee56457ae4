import type { Acl } from '@corral/model';
import type { SessionId, Zxid } from '@corral/primitives';
import { MalformedRecordError } from '../errors.js';
import type { RecordReader } from '../record-reader.js';

/* The records of which ZooKeeper's snapshots are made. */

/** `ZKSN`, what a snapshot file begins with. */
export const SNAPSHOT_MAGIC = 0x5a4b534e;

/** The only version there has been. */
export const SNAPSHOT_VERSION = 2;

/** What a snapshot file begins with. */
export interface SnapshotHeader {
  readonly version: number;
  /** Not used by anybody; -1 as a rule. */
  readonly databaseId: bigint;
}

export function readSnapshotHeader(reader: RecordReader): SnapshotHeader {
  const at = reader.offset;
  const magic = reader.readInt();
  if (magic !== SNAPSHOT_MAGIC) {
    throw new MalformedRecordError('snapshot magic', at, `ZKSN, not 0x${(magic >>> 0).toString(16)}`);
  }
  const versionAt = reader.offset;
  const version = reader.readInt();
  if (version !== SNAPSHOT_VERSION) {
    throw new MalformedRecordError(
      'snapshot version',
      versionAt,
      `${String(SNAPSHOT_VERSION)}, not ${String(version)}`,
    );
  }
  return { version, databaseId: reader.readLongBig() };
}

/** A session and its timeout. */
export interface SnapshotSession {
  readonly sessionId: SessionId;
  readonly timeoutMs: number;
}

export function readSnapshotSession(reader: RecordReader): SnapshotSession {
  return { sessionId: reader.readLongBig() as SessionId, timeoutMs: reader.readInt() };
}

/** An ACL and the number by which znodes refer to it. */
export interface SnapshotAcl {
  readonly key: number;
  readonly acl: readonly Acl[];
}

export function readSnapshotAcl(reader: RecordReader): SnapshotAcl {
  const key = reader.readLong();
  const at = reader.offset;
  const acl = reader.readAcl();
  if (acl === null) throw new MalformedRecordError('ACL in a snapshot', at, 'a list, not null');
  return { key, acl };
}

/** Stands for the open ACL without being listed; a listed one may hold the same entry. */
export const OPEN_ACL_KEY = -1;

/** The checksum of all bytes before it, unsigned. A `/` follows it, for readers that look at a file's last bytes only. */
export function readSnapshotSeal(reader: RecordReader): number {
  const checksum = reader.readLong();
  reader.readString();
  return checksum;
}

/** The digest of the tree as it was after `zxid`; since 3.6, where digests are on. All 0 from a server that had applied nothing since its start. */
export interface SnapshotDigest {
  readonly zxid: Zxid;
  readonly version: number;
  readonly digest: bigint;
}

export function readSnapshotDigest(reader: RecordReader): SnapshotDigest {
  return { zxid: reader.readLong() as Zxid, version: reader.readInt(), digest: reader.readLongBig() };
}
