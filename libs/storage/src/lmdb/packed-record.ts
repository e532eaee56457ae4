import { readInt32, readLong, writeInt32, writeLong } from '@corral/primitives';
import { STAT_SIZE_BYTES, statOffset, type ZnodeRecord } from '@corral/znode';
import {
  AVERSION,
  CREATES_AT,
  CTIME,
  CVERSION,
  CZXID,
  DATA_AT,
  DATA_LENGTH,
  DATA_LENGTH_AT,
  MTIME,
  MZXID,
  NUM_CHILDREN,
  OWNER_AT,
  OWNER_BYTES,
  PZXID as PZXID_AT,
  VERSION,
  VISIBLE_OWNER,
} from './record-layout.js';
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

/** Upper halves of the numbers that can be packed are below this. */
const UPPER_MAX = 0x10_0000;

const reader = new VarintReader();

/**
 * Packs a record into `target` at `start`; answers with where it ends. It never gets longer, whatever is in it. The record may be the
 * beginning of something longer, and `length` is then told.
 */
export function packRecord(record: ZnodeRecord, target: Uint8Array, start: number, length = record.length): number {
  const stat = statOffset(record);
  if (!isPackable(record, stat)) {
    target.set(record.subarray(0, length), start);
    return start + length;
  }
  const marks = marksOf(record, stat, length);
  target[start] = marks;
  let at = packStat(record, stat, marks, target, start + 1);
  const aclAt = stat + STAT_SIZE_BYTES;
  if ((marks & ACL) !== 0) {
    at = writeSignedVarint(target, at, readInt32(record, stat + AVERSION));
    at = writeVarint(target, at, stat - DATA_AT);
  }
  if (stat > DATA_AT) target.set(record.subarray(DATA_AT, stat), at);
  at += stat - DATA_AT;
  if (length > aclAt) target.set(record.subarray(aclAt, length), at);
  return at + length - aclAt;
}

/** All zxids and times are from 0 to 2^52, so that their differences, doubled, are exact. */
function isPackable(record: ZnodeRecord, stat: number): boolean {
  for (let at = stat; at < stat + VERSION; at += 8) if (readInt32(record, at) >>> 0 >= UPPER_MAX) return false;
  return readInt32(record, stat + PZXID_AT) >>> 0 < UPPER_MAX;
}

function marksOf(record: ZnodeRecord, stat: number, length: number): number {
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
  if (length > stat + STAT_SIZE_BYTES || readInt32(record, stat + AVERSION) !== 0) marks |= ACL;
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

/** Whether a value holds an ACL of its own; where not, the znode is open to everybody. */
export function hasAcl(found: Uint8Array, start: number, end: number): boolean {
  if ((found[start]! & PACKED) !== 0) return (found[start]! & ACL) !== 0;
  return partsOfPlain(found, start).aclStart < end;
}

/** A value out of the file as a record, in memory of its own. The value is the bytes of `found` from `start` on. */
export function unpackRecord(found: Uint8Array, start: number): ZnodeRecord {
  if ((found[start]! & PACKED) === 0) return copyOf(found, start, found.length);
  const { stat, dataStart, dataEnd } = unpackParts(found, start, found.length);
  const dataLength = dataEnd - dataStart;
  const record = Buffer.allocUnsafe(scratch.length + found.length - dataStart);
  record.set(scratchHead, 0);
  record.set(view(found, dataStart, dataEnd), DATA_AT);
  record.set(stat, DATA_AT + dataLength);
  if (dataEnd < found.length) record.set(view(found, dataEnd, found.length), DATA_AT + dataLength + STAT_SIZE_BYTES);
  return record;
}

/** A record's parts; the next call changes them. Data and ACL are where they were found. */
export interface RecordParts {
  /** Children ever created, owner, length of the data: what stands before the data in a record. */
  readonly head: Uint8Array;
  /** As in a reply. */
  readonly stat: Uint8Array;
  dataStart: number;
  dataEnd: number;
  /** The ACL ends with the value. */
  aclStart: number;
}

/** The parts of a value, packed or not, which is the bytes of `found` from `start` to `end`. */
export function unpackParts(found: Uint8Array, start: number, end: number): RecordParts {
  const marks = found[start]!;
  if ((marks & PACKED) === 0) return partsOfPlain(found, start);
  unpackStat(marks, reader.reset(found, start + 1), found);
  const aversion = (marks & ACL) === 0 ? 0 : reader.signed();
  writeInt32(scratchStat, AVERSION, aversion);
  const dataLength = (marks & ACL) === 0 ? end - reader.at : reader.unsigned();
  writeInt32(scratchStat, DATA_LENGTH, dataLength);
  writeInt32(scratch, DATA_LENGTH_AT, (marks & NULL_DATA) === 0 ? dataLength : -1);
  parts.dataStart = reader.at;
  parts.dataEnd = reader.at + dataLength;
  parts.aclStart = parts.dataEnd;
  return parts;
}

/** The parts of a record that is not packed. */
function partsOfPlain(found: Uint8Array, start: number): RecordParts {
  const dataLength = readInt32(found, start + DATA_LENGTH_AT);
  parts.dataStart = start + DATA_AT;
  parts.dataEnd = parts.dataStart + Math.max(dataLength, 0);
  scratchHead.set(view(found, start, parts.dataStart));
  scratchStat.set(view(found, parts.dataEnd, parts.dataEnd + STAT_SIZE_BYTES));
  parts.aclStart = parts.dataEnd + STAT_SIZE_BYTES;
  return parts;
}

/** A record without data, in which the fields are put together before it is known how long the record will be. */
const scratch = new Uint8Array(DATA_AT + STAT_SIZE_BYTES);
const scratchHead = scratch.subarray(0, DATA_AT);
const scratchStat = scratch.subarray(DATA_AT);
const parts: RecordParts = { head: scratchHead, stat: scratchStat, dataStart: 0, dataEnd: 0, aclStart: 0 };

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
