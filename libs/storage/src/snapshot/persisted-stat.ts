import { type SessionId, sessionIdOf, writeInt32 } from '@corral/primitives';
import { ownershipOf } from '@corral/model';
import { PERSISTED_STAT_SIZE_BYTES, PersistedStatAt, type SnapshotZnodeView } from '@corral/wire';
import { STAT_SIZE_BYTES } from '@corral/znode';
import {
  CREATES_AT,
  CVERSION,
  DATA_AT,
  DATA_LENGTH,
  DATA_LENGTH_AT,
  NUM_CHILDREN,
  OWNER_AT,
  OWNER_BYTES,
  PZXID,
  VISIBLE_OWNER,
} from '../lmdb/record-layout.js';
import type { RecordParts } from '../lmdb/packed-record.js';

const PZXID_BYTES = 8;
/** Up to the owner both forms have the same fields, but for how they count children. */
const COMMON_BYTES = PersistedStatAt.owner;

const persisted = new Uint8Array(PERSISTED_STAT_SIZE_BYTES);

/** The stat of a record as a snapshot has it; the next call changes it. */
export function persistedStatOf({ head, stat }: RecordParts): Uint8Array {
  copyBytes(stat, 0, persisted, 0, COMMON_BYTES);
  copyBytes(head, CREATES_AT, persisted, PersistedStatAt.creates, 4);
  copyBytes(head, OWNER_AT, persisted, PersistedStatAt.owner, OWNER_BYTES);
  copyBytes(stat, PZXID, persisted, PersistedStatAt.pzxid, PZXID_BYTES);
  return persisted;
}

/** Puts records together out of the znodes of a snapshot, all in the same memory. */
export class RecordAssembler {
  /** The record is its first `length` bytes. */
  record: Buffer = Buffer.allocUnsafeSlow(4096);
  length = 0;
  /** Whoever owns the znode; 0 for nobody. */
  owner = 0n as SessionId;

  /** Makes the record of a znode that has no children yet. */
  assemble(znode: SnapshotZnodeView, acl: Uint8Array): void {
    const { buffer, dataStart, dataLength, statAt } = znode;
    const sizeBytes = Math.max(dataLength, 0);
    const stat = DATA_AT + sizeBytes;
    this.length = stat + STAT_SIZE_BYTES + acl.length;
    if (this.length > this.record.length) this.record = Buffer.allocUnsafeSlow(this.length * 2);
    const { record } = this;
    writeInt32(record, DATA_LENGTH_AT, dataLength);
    buffer.copy(record, DATA_AT, dataStart, dataStart + sizeBytes);
    copyBytes(buffer, statAt, record, stat, COMMON_BYTES);
    copyBytes(buffer, statAt + PersistedStatAt.creates, record, CREATES_AT, 4);
    copyBytes(buffer, statAt + PersistedStatAt.owner, record, OWNER_AT, OWNER_BYTES);
    copyBytes(buffer, statAt + PersistedStatAt.pzxid, record, stat + PZXID, PZXID_BYTES);
    // Without children each creation counts twice: once for the child that came, once for its going.
    writeInt32(record, stat + CVERSION, 2 * record.readInt32BE(CREATES_AT));
    writeInt32(record, stat + DATA_LENGTH, sizeBytes);
    writeInt32(record, stat + NUM_CHILDREN, 0);
    record.set(acl, stat + STAT_SIZE_BYTES);
    this.#setOwner(stat);
  }

  /** Clients see sessions in a stat, and not the marks of containers and times to live. */
  #setOwner(stat: number): void {
    const { record } = this;
    record.fill(0, stat + VISIBLE_OWNER, stat + VISIBLE_OWNER + OWNER_BYTES);
    if (record.readInt32BE(OWNER_AT) === 0 && record.readInt32BE(OWNER_AT + 4) === 0) {
      this.owner = 0n as SessionId;
      return;
    }
    this.owner = sessionIdOf(record.readBigInt64BE(OWNER_AT));
    if (ownershipOf(this.owner).kind !== 'ephemeral') return;
    copyBytes(record, OWNER_AT, record, stat + VISIBLE_OWNER, OWNER_BYTES);
  }
}

/** For a few bytes a loop is faster than a call. */
function copyBytes(from: Uint8Array, at: number, to: Uint8Array, toAt: number, length: number): void {
  for (let index = 0; index < length; index += 1) to[toAt + index] = from[at + index]!;
}
