import type { Transaction } from 'lmdb';
import { readInt32, type SessionId, sessionIdOf, type Zxid } from '@corral/primitives';
import {
  type ByteRange,
  decodeAcl,
  OPEN_ACL_KEY,
  RecordWriter,
  type SnapshotForm,
  writeSnapshotAcl,
  writeSnapshotCount,
  writeSnapshotEnd,
  writeSnapshotSession,
  writeSnapshotTreeEnd,
  writeSnapshotZnode,
} from '@corral/wire';
import { persistedStatOf } from '../snapshot/persisted-stat.js';
import { type Environment, readState } from './environment.js';
import { longValueHeadBytes } from './flush.js';
import { hasAcl, type RecordParts, unpackParts } from './packed-record.js';
import { DATA_LENGTH_AT } from './record-layout.js';
import { isLongKey, PATH_AT, ROOT_KEY_BYTES } from './tree-key.js';

/** About as long as one piece of the snapshot is. */
const PIECE_BYTES = 64 * 1024;
/** While nothing is to be sent yet, the reader gives way after so many records. */
const RECORDS_PER_PIECE = 1000;
const FIRST_KEY = Buffer.from([0]);
const NOTHING = Buffer.alloc(0);

/** The open transaction of LMDB's type declarations, which leave out how it ends. */
type ReadTransaction = Transaction & { done(): void };

/** A value under a long key: the path, and behind it the record. */
interface LongValue {
  readonly bytes: Buffer;
  readonly head: number;
}

/**
 * The tree as a snapshot for a learner, in ZooKeeper's form, read within one transaction of LMDB: whatever the member applies meanwhile, it
 * shows one moment, `zxid`. It comes in pieces and holds one of them, so a slow learner costs no memory.
 */
export class OutgoingSnapshot {
  /** The last transaction that it shows. */
  readonly zxid: Zxid;
  readonly #environment: Environment;
  readonly #transaction: ReadTransaction;
  readonly #writer = new RecordWriter(2 * PIECE_BYTES);
  /** The number of each ACL, by its bytes as Latin-1 text. */
  readonly #aclKeys = new Map<string, number>();
  #isClosed = false;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#transaction = environment.root.useReadTransaction();
    this.zxid = readState(environment, this.#transaction).appliedZxid as Zxid;
  }

  /**
   * The pieces, in order. Each lasts until the next is asked for. An empty one stands for work without a result: the loop may do something else
   * before the next. A file has no header yet, and its seal is the business of whoever knows the checksum.
   */
  *pieces(form: SnapshotForm = 'stream'): Iterable<Buffer> {
    this.#writeSessions();
    const acls: Uint8Array[] = [];
    let records = 0;
    const { scan } = this.#environment;
    for (const _ of scan.steps(this.#transaction)) {
      const start = isLongKey(scan.key, scan.keyStart) ? longValueHeadBytes(scan.value) : 0;
      if (hasAcl(scan.value, start, scan.valueEnd)) this.#noteAcl(scan.value, start, acls);
      records += 1;
      if (records % RECORDS_PER_PIECE === 0) yield NOTHING;
    }
    writeSnapshotCount(this.#writer, acls.length);
    acls.forEach((acl, at) => {
      writeSnapshotAcl(this.#writer, at + 1, decodeAcl(acl));
    });
    yield* this.#treePieces();
    if (form === 'stream') writeSnapshotEnd(this.#writer);
    else writeSnapshotTreeEnd(this.#writer);
    yield this.#written();
  }

  /** Of the znodes with short paths, each parent comes before its children. Long keys are in no order; there are few of them. */
  *#treePieces(): Iterable<Buffer> {
    const late: LongValue[] = [];
    const path = { bytes: FIRST_KEY as Uint8Array, start: 0, end: 0 };
    const { scan } = this.#environment;
    for (const _ of scan.steps(this.#transaction)) {
      if (isLongKey(scan.key, scan.keyStart)) {
        late.push(longValueOf(scan.value, scan.valueEnd));
        continue;
      }
      path.bytes = scan.key;
      // The root, which is a slash elsewhere, has no path here.
      path.start = scan.keyEnd - scan.keyStart === ROOT_KEY_BYTES ? scan.keyEnd : scan.keyStart + PATH_AT;
      path.end = scan.keyEnd;
      this.#writeZnode(path, scan.value, unpackParts(scan.value, 0, scan.valueEnd), scan.valueEnd);
      if (this.#writer.length >= PIECE_BYTES) yield this.#written();
    }
    late.sort((a, b) => a.head - b.head);
    for (const { bytes, head } of late) {
      const longPath = { bytes, start: 4, end: head };
      this.#writeZnode(longPath, bytes, unpackParts(bytes, head, bytes.length), bytes.length);
      if (this.#writer.length >= PIECE_BYTES) yield this.#written();
    }
  }

  #written(): Buffer {
    const piece = this.#writer.buffer.subarray(0, this.#writer.length);
    this.#writer.clear();
    return piece;
  }

  #writeSessions(): void {
    const sessions: [SessionId, number][] = [];
    const range = { start: FIRST_KEY, transaction: this.#transaction };
    for (const { key, value } of this.#environment.sessions.getRange(range)) {
      sessions.push([sessionIdOf((key as unknown as Buffer).readBigInt64BE(0)), (value as Buffer).readInt32BE(0)]);
    }
    writeSnapshotCount(this.#writer, sessions.length);
    for (const [id, timeoutMs] of sessions) writeSnapshotSession(this.#writer, id, timeoutMs);
  }

  #noteAcl(value: Uint8Array, start: number, acls: Uint8Array[]): void {
    const end = this.#environment.scan.valueEnd;
    const { aclStart } = unpackParts(value, start, end);
    if (aclStart === end) return;
    const text = latin1(value, aclStart, end);
    if (this.#aclKeys.has(text)) return;
    acls.push(Buffer.from(text, 'latin1'));
    this.#aclKeys.set(text, acls.length);
  }

  #writeZnode(path: ByteRange, value: Uint8Array, parts: RecordParts, end: number): void {
    const { head, aclStart, dataStart, dataEnd } = parts;
    writeSnapshotZnode(this.#writer, {
      path,
      data: readInt32(head, DATA_LENGTH_AT) < 0 ? null : { bytes: value, start: dataStart, end: dataEnd },
      aclKey: aclStart === end ? OPEN_ACL_KEY : this.#aclKeys.get(latin1(value, aclStart, end))!,
      stat: persistedStatOf(parts),
    });
  }

  /** Lets LMDB use again what the snapshot held. To be called whether it was read to its end or not. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#transaction.done();
  }
}

function longValueOf(value: Uint8Array, end: number): LongValue {
  const bytes = Buffer.from(new Uint8Array(value.buffer, value.byteOffset, end));
  return { bytes, head: longValueHeadBytes(bytes) };
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
