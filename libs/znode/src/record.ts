import {
  assert,
  readInt32,
  readLong,
  type SessionId,
  sessionIdOf,
  writeInt32,
  writeLong,
  type Zxid,
} from '@corral/primitives';
import { ownershipOf, type Stat } from '@corral/model';

/**
 * A znode as bytes, the form in which it is stored, cached and sent:
 *
 *     offset 0   int32   creates      how many children were ever created; sequence numbers come from it
 *     offset 4   int64   owner        session, container or time to live (see model's ephemeral-owner.ts)
 *     offset 12  int32   data length  -1 for null
 *     offset 16  bytes   data
 *     then       68      stat         in the wire's order
 *     then       rest    acl          the wire's ACL vector; nothing at all means world:anyone:all
 *
 * From offset 12 to the end of the stat these are the very bytes of a getData reply, so a read is one copy. That is also why the
 * owner stands twice: clients see only sessions there, not ZooKeeper's marks for containers and times to live.
 * All integers are big-endian, as on the wire. Fields are changed in place; only data of another length needs a new record.
 */
export type ZnodeRecord = Uint8Array;

/** Where the part that answers getData begins. */
export const REPLY_OFFSET = 12;
const OWNER_OFFSET = 4;
const DATA_OFFSET = 16;
export const STAT_SIZE_BYTES = 68;

const CZXID = 0;
const MZXID = 8;
const CTIME = 16;
const MTIME = 24;
const VERSION = 32;
const CVERSION = 36;
const AVERSION = 40;
const VISIBLE_OWNER = 44;
const DATA_LENGTH = 52;
const NUM_CHILDREN = 56;
const PZXID = 60;

/** What a new record starts from. */
export interface NewRecord {
  readonly data: Uint8Array | null;
  /** Encoded ACL vector; empty for the open ACL. */
  readonly acl: Uint8Array;
  readonly zxid: Zxid;
  readonly timeMs: number;
  readonly owner: SessionId;
}

/** The record of a znode that was just created. */
export function newRecord(from: NewRecord, allocate: Allocate): ZnodeRecord {
  const dataLength = from.data === null ? 0 : from.data.length;
  const record = allocate(DATA_OFFSET + dataLength + STAT_SIZE_BYTES + from.acl.length);
  writeInt32(record, 0, 0);
  writeOwner(record, OWNER_OFFSET, from.owner);
  writeInt32(record, REPLY_OFFSET, from.data === null ? -1 : dataLength);
  if (from.data !== null) record.set(from.data, DATA_OFFSET);
  const stat = DATA_OFFSET + dataLength;
  writeLong(record, stat + CZXID, from.zxid);
  writeLong(record, stat + MZXID, from.zxid);
  writeLong(record, stat + CTIME, from.timeMs);
  writeLong(record, stat + MTIME, from.timeMs);
  record.fill(0, stat + VERSION, stat + DATA_LENGTH);
  if (ownershipOf(from.owner).kind === 'ephemeral') writeOwner(record, stat + VISIBLE_OWNER, from.owner);
  writeInt32(record, stat + DATA_LENGTH, dataLength);
  writeInt32(record, stat + NUM_CHILDREN, 0);
  writeLong(record, stat + PZXID, from.zxid);
  if (from.acl.length > 0) record.set(from.acl, stat + STAT_SIZE_BYTES);
  return record;
}

/** Makes room for a record; the contents need not be zero. Node's pooled Buffer where there is one, a plain array in a pure test. */
export type Allocate = (sizeBytes: number) => Uint8Array;

/** The record with other data, mtime, mzxid and version: the same object when the length stays, a new one when it does not. */
export function withData(record: ZnodeRecord, data: Uint8Array | null, allocate: Allocate): ZnodeRecord {
  const oldStat = statOffset(record);
  const dataLength = data === null ? 0 : data.length;
  let result = record;
  if (DATA_OFFSET + dataLength !== oldStat) {
    result = allocate(record.length - (oldStat - DATA_OFFSET) + dataLength);
    result.set(record.subarray(0, REPLY_OFFSET), 0);
    result.set(record.subarray(oldStat), DATA_OFFSET + dataLength);
  }
  writeInt32(result, REPLY_OFFSET, data === null ? -1 : dataLength);
  if (data !== null) result.set(data, DATA_OFFSET);
  writeInt32(result, DATA_OFFSET + dataLength + DATA_LENGTH, dataLength);
  return result;
}

/** The record with another ACL, always a new object. */
export function withAcl(record: ZnodeRecord, acl: Uint8Array, allocate: Allocate): ZnodeRecord {
  const end = statOffset(record) + STAT_SIZE_BYTES;
  const result = allocate(end + acl.length);
  result.set(record.subarray(0, end), 0);
  result.set(acl, end);
  return result;
}

/** Notes a change of the data. */
export function stampData(record: ZnodeRecord, zxid: Zxid, timeMs: number, version: number): void {
  const stat = statOffset(record);
  writeLong(record, stat + MZXID, zxid);
  writeLong(record, stat + MTIME, timeMs);
  writeInt32(record, stat + VERSION, version);
}

/** Notes a change of the ACL. */
export function stampAcl(record: ZnodeRecord, version: number): void {
  writeInt32(record, statOffset(record) + AVERSION, version);
}

/** Notes that a child came (`delta` 1) or went (-1). */
export function stampChildren(record: ZnodeRecord, zxid: Zxid, delta: 1 | -1): void {
  const stat = statOffset(record);
  writeInt32(record, stat + CVERSION, readInt32(record, stat + CVERSION) + 1);
  writeInt32(record, stat + NUM_CHILDREN, readInt32(record, stat + NUM_CHILDREN) + delta);
  if (zxid > readLong(record, stat + PZXID)) writeLong(record, stat + PZXID, zxid);
}

/** Sets the count of children without a transaction that created them: the system's own znodes. ZooKeeper's cversion then goes below 0. */
export function setChildCount(record: ZnodeRecord, count: number): void {
  const stat = statOffset(record);
  writeInt32(record, stat + NUM_CHILDREN, count);
  writeInt32(record, stat + CVERSION, createsOf(record) * 2 - count);
}

/** How many children were ever created here. */
export function createsOf(record: ZnodeRecord): number {
  return readInt32(record, 0);
}

export function setCreates(record: ZnodeRecord, creates: number): void {
  writeInt32(record, 0, creates);
}

/** Where the stat begins; it also ends the data. */
export function statOffset(record: ZnodeRecord): number {
  const dataLength = readInt32(record, REPLY_OFFSET);
  return dataLength > 0 ? DATA_OFFSET + dataLength : DATA_OFFSET;
}

/** Where the part that answers getData ends and the ACL begins. */
export function statEnd(record: ZnodeRecord): number {
  return statOffset(record) + STAT_SIZE_BYTES;
}

/** A view of the data, valid until the record changes. */
export function dataOf(record: ZnodeRecord): Uint8Array | null {
  const dataLength = readInt32(record, REPLY_OFFSET);
  return dataLength < 0 ? null : record.subarray(DATA_OFFSET, DATA_OFFSET + dataLength);
}

export function dataLengthOf(record: ZnodeRecord): number {
  const dataLength = readInt32(record, REPLY_OFFSET);
  return dataLength < 0 ? 0 : dataLength;
}

/** A view of the encoded ACL; empty for the open ACL. */
export function aclBytesOf(record: ZnodeRecord): Uint8Array {
  return record.subarray(statEnd(record));
}

export function hasOpenAcl(record: ZnodeRecord): boolean {
  return record.length === statEnd(record);
}

export function versionOf(record: ZnodeRecord): number {
  return readInt32(record, statOffset(record) + VERSION);
}

export function aversionOf(record: ZnodeRecord): number {
  return readInt32(record, statOffset(record) + AVERSION);
}

export function numChildrenOf(record: ZnodeRecord): number {
  return readInt32(record, statOffset(record) + NUM_CHILDREN);
}

export function czxidOf(record: ZnodeRecord): Zxid {
  return readLong(record, statOffset(record) + CZXID) as Zxid;
}

export function mzxidOf(record: ZnodeRecord): Zxid {
  return readLong(record, statOffset(record) + MZXID) as Zxid;
}

export function pzxidOf(record: ZnodeRecord): Zxid {
  return readLong(record, statOffset(record) + PZXID) as Zxid;
}

export function mtimeMsOf(record: ZnodeRecord): number {
  return readLong(record, statOffset(record) + MTIME);
}

/** Whether the owner field is 0, without making a BigInt of it. */
export function isPersistent(record: ZnodeRecord): boolean {
  return readInt32(record, OWNER_OFFSET) === 0 && readInt32(record, OWNER_OFFSET + 4) === 0;
}

/** Session, container or time to live. */
export function ownerOf(record: ZnodeRecord): SessionId {
  return readOwner(record, OWNER_OFFSET);
}

/** The stat as an object, for those who are in no hurry. */
export function statOf(record: ZnodeRecord): Stat {
  const stat = statOffset(record);
  return {
    czxid: readLong(record, stat + CZXID) as Zxid,
    mzxid: readLong(record, stat + MZXID) as Zxid,
    ctimeMs: readLong(record, stat + CTIME),
    mtimeMs: readLong(record, stat + MTIME),
    version: readInt32(record, stat + VERSION),
    cversion: readInt32(record, stat + CVERSION),
    aversion: readInt32(record, stat + AVERSION),
    ephemeralOwner: readOwner(record, stat + VISIBLE_OWNER),
    dataLength: readInt32(record, stat + DATA_LENGTH),
    numChildren: readInt32(record, stat + NUM_CHILDREN),
    pzxid: readLong(record, stat + PZXID) as Zxid,
  };
}

/** Builds a record from its parts, as an import from another store has them; the stat's owner may be a container's or a TTL's mark. */
export function recordOf(
  stat: Stat,
  parts: { data: Uint8Array | null; acl: Uint8Array; creates: number },
  allocate: Allocate,
): ZnodeRecord {
  const record = newRecord(
    { data: parts.data, acl: parts.acl, zxid: stat.czxid, timeMs: stat.ctimeMs, owner: stat.ephemeralOwner },
    allocate,
  );
  const at = statOffset(record);
  assert(stat.dataLength === dataLengthOf(record), 'the stat tells the length of the data');
  setCreates(record, parts.creates);
  writeLong(record, at + MZXID, stat.mzxid);
  writeLong(record, at + MTIME, stat.mtimeMs);
  writeInt32(record, at + VERSION, stat.version);
  writeInt32(record, at + CVERSION, stat.cversion);
  writeInt32(record, at + AVERSION, stat.aversion);
  writeInt32(record, at + NUM_CHILDREN, stat.numChildren);
  writeLong(record, at + PZXID, stat.pzxid);
  return record;
}

function readOwner(bytes: Uint8Array, at: number): SessionId {
  return sessionIdOf((BigInt(readInt32(bytes, at)) << 32n) | BigInt(readInt32(bytes, at + 4) >>> 0));
}

function writeOwner(bytes: Uint8Array, at: number, owner: SessionId): void {
  writeInt32(bytes, at, Number(BigInt.asIntN(32, owner >> 32n)));
  writeInt32(bytes, at + 4, Number(BigInt.asIntN(32, owner)));
}
