import { readInt32, readLong, writeInt32, writeLong } from '@corral/primitives';
import { STAT_SIZE_BYTES, statOffset, type ZnodeRecord } from '@corral/znode';
import { VarintReader, writeSignedVarint, writeVarint } from './varint.js';

/**
 * A record as the tree's file keeps it. In memory a record is the bytes of a reply, 84 of them beside data and ACL (znode's record.ts
 * has the layout); most of these are zero or say a thing twice. On disk they come to about a dozen:
 *
 *     byte      marks                            the top bit is always set; every other one says what is there
 *     varints   czxid, ctime
 *     signed    creates, cversion, numChildren   CHILDREN: one of them is not 0
 *     8 bytes   owner                            OWNER: it is not 0; VISIBLE: the stat shows it too
 *     signed    mzxid, mtime, version            CHANGED: one of them is not as at the creation; zxid and time as differences
 *     signed    pzxid                            PZXID: as a difference to czxid, which is not 0
 *     signed    aversion, then data length       ACL: there is an ACL, or aversion is not 0
 *     bytes     data                             NULL_DATA: null, not just empty
 *     rest      acl
 *
 * A value without the top bit is a record as it is: the first format knew only these, and numbers from 2^52 up still go that way.
 */
const PACKED = 0x80;
const CHILDREN = 0x01;
const OWNER = 0x02;
const VISIBLE = 0x04;
const NULL_DATA = 0x08;
const CHANGED = 0x10;
const PZXID = 0x20;
const ACL = 0x40;

// In the record...
const CREATES_AT = 0;
const OWNER_AT = 4;
const OWNER_BYTES = 8;
const DATA_LENGTH_AT = 12;
const DATA_AT = 16;
// ...and from where its stat begins.
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
const PZXID_AT = 60;

/** Upper halves of the numbers that can be packed are below this. */
const UPPER_MAX = 0x10_0000;

const reader = new VarintReader();

/** Packs a record into `target` at `start`; answers with where it ends. It never gets longer, whatever is in it. */
export function packRecord(record: ZnodeRecord, target: Uint8Array, start: number): number {
  const stat = statOffset(record);
  if (!isPackable(record, stat)) {
    target.set(record, start);
    return start + record.length;
  }
  const marks = marksOf(record, stat);
  target[start] = marks;
  let at = packStat(record, stat, marks, target, start + 1);
  const aclAt = stat + STAT_SIZE_BYTES;
  if ((marks & ACL) !== 0) {
    at = writeSignedVarint(target, at, readInt32(record, stat + AVERSION));
    at = writeVarint(target, at, stat - DATA_AT);
  }
  if (stat > DATA_AT) target.set(record.subarray(DATA_AT, stat), at);
  at += stat - DATA_AT;
  if (record.length > aclAt) target.set(record.subarray(aclAt), at);
  return at + record.length - aclAt;
}

/** All zxids and times are from 0 to 2^52, so that their differences, doubled, are exact. */
function isPackable(record: ZnodeRecord, stat: number): boolean {
  for (let at = stat; at < stat + VERSION; at += 8) if (readInt32(record, at) >>> 0 >= UPPER_MAX) return false;
  return readInt32(record, stat + PZXID_AT) >>> 0 < UPPER_MAX;
}

function marksOf(record: ZnodeRecord, stat: number): number {
  let marks = PACKED;
  const children = readInt32(record, CREATES_AT) | readInt32(record, stat + CVERSION);
  if ((children | readInt32(record, stat + NUM_CHILDREN)) !== 0) marks |= CHILDREN;
  if (!isZeroLong(record, OWNER_AT)) marks |= OWNER;
  if (!isZeroLong(record, stat + VISIBLE_OWNER)) marks |= VISIBLE;
  if (readInt32(record, DATA_LENGTH_AT) < 0) marks |= NULL_DATA;
  const isAsCreated =
    isSameLong(record, stat + MZXID, stat + CZXID) &&
    isSameLong(record, stat + MTIME, stat + CTIME) &&
    readInt32(record, stat + VERSION) === 0;
  if (!isAsCreated) marks |= CHANGED;
  if (!isSameLong(record, stat + PZXID_AT, stat + CZXID)) marks |= PZXID;
  if (record.length > stat + STAT_SIZE_BYTES || readInt32(record, stat + AVERSION) !== 0) marks |= ACL;
  return marks;
}

/** Writes what the marks say up to the data. */
function packStat(record: ZnodeRecord, stat: number, marks: number, target: Uint8Array, start: number): number {
  const czxid = readLong(record, stat + CZXID);
  const ctime = readLong(record, stat + CTIME);
  let at = writeVarint(target, writeVarint(target, start, czxid), ctime);
  if ((marks & CHILDREN) !== 0) {
    at = writeSignedVarint(target, at, readInt32(record, CREATES_AT));
    at = writeSignedVarint(target, at, readInt32(record, stat + CVERSION));
    at = writeSignedVarint(target, at, readInt32(record, stat + NUM_CHILDREN));
  }
  if ((marks & OWNER) !== 0) {
    for (let index = 0; index < OWNER_BYTES; index++) target[at++] = record[OWNER_AT + index]!;
  }
  if ((marks & CHANGED) !== 0) {
    at = writeSignedVarint(target, at, readLong(record, stat + MZXID) - czxid);
    at = writeSignedVarint(target, at, readLong(record, stat + MTIME) - ctime);
    at = writeSignedVarint(target, at, readInt32(record, stat + VERSION));
  }
  if ((marks & PZXID) !== 0) at = writeSignedVarint(target, at, readLong(record, stat + PZXID_AT) - czxid);
  return at;
}

/** A value out of the file as a record, in memory of its own. The value is the bytes of `found` from `start` on. */
export function unpackRecord(found: Uint8Array, start: number): ZnodeRecord {
  const marks = found[start]!;
  if ((marks & PACKED) === 0) return copyOf(found, start, found.length);
  unpackStat(marks, reader.reset(found, start + 1), found);
  const aversion = (marks & ACL) === 0 ? 0 : reader.signed();
  writeInt32(scratch, DATA_AT + AVERSION, aversion);
  const dataLength = (marks & ACL) === 0 ? found.length - reader.at : reader.unsigned();
  writeInt32(scratch, DATA_AT + DATA_LENGTH, dataLength);
  writeInt32(scratch, DATA_LENGTH_AT, (marks & NULL_DATA) === 0 ? dataLength : -1);

  const dataAt = reader.at;
  const aclAt = dataAt + dataLength;
  const record = Buffer.allocUnsafe(scratch.length + found.length - dataAt);
  record.set(scratchHead, 0);
  record.set(view(found, dataAt, aclAt), DATA_AT);
  record.set(scratchStat, DATA_AT + dataLength);
  if (aclAt < found.length) record.set(view(found, aclAt, found.length), DATA_AT + dataLength + STAT_SIZE_BYTES);
  return record;
}

/** A record without data, in which the fields are put together before it is known how long the record will be. */
const scratch = new Uint8Array(DATA_AT + STAT_SIZE_BYTES);
const scratchHead = scratch.subarray(0, DATA_AT);
const scratchStat = scratch.subarray(DATA_AT);

function unpackStat(marks: number, from: VarintReader, found: Uint8Array): void {
  scratch.fill(0);
  const czxid = from.unsigned();
  const ctime = from.unsigned();
  writeLong(scratch, DATA_AT + CZXID, czxid);
  writeLong(scratch, DATA_AT + CTIME, ctime);
  if ((marks & CHILDREN) !== 0) {
    writeInt32(scratch, CREATES_AT, from.signed());
    writeInt32(scratch, DATA_AT + CVERSION, from.signed());
    writeInt32(scratch, DATA_AT + NUM_CHILDREN, from.signed());
  }
  if ((marks & OWNER) !== 0) {
    const owner = view(found, from.at, from.at + OWNER_BYTES);
    scratch.set(owner, OWNER_AT);
    if ((marks & VISIBLE) !== 0) scratch.set(owner, DATA_AT + VISIBLE_OWNER);
    from.at += OWNER_BYTES;
  }
  const isChanged = (marks & CHANGED) !== 0;
  writeLong(scratch, DATA_AT + MZXID, isChanged ? czxid + from.signed() : czxid);
  writeLong(scratch, DATA_AT + MTIME, isChanged ? ctime + from.signed() : ctime);
  if (isChanged) writeInt32(scratch, DATA_AT + VERSION, from.signed());
  writeLong(scratch, DATA_AT + PZXID_AT, (marks & PZXID) === 0 ? czxid : czxid + from.signed());
}

function copyOf(found: Uint8Array, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafe(end - start);
  copy.set(view(found, start, end));
  return copy;
}

/** Not by `subarray`: LMDB sets the length of its buffer by hand, and that believes the real one. */
function view(found: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(found.buffer, found.byteOffset + start, end - start);
}

function isZeroLong(bytes: Uint8Array, at: number): boolean {
  return readInt32(bytes, at) === 0 && readInt32(bytes, at + 4) === 0;
}

function isSameLong(bytes: Uint8Array, at: number, other: number): boolean {
  return readInt32(bytes, at) === readInt32(bytes, other) && readInt32(bytes, at + 4) === readInt32(bytes, other + 4);
}
