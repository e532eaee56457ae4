import type { Transaction } from 'lmdb';
import { ROOT_PATH } from '@corral/model';
import { type SessionId, sessionIdOf, type Zxid } from '@corral/primitives';
import {
  decodeAcl,
  OPEN_ACL_KEY,
  RecordWriter,
  writeSnapshotAcl,
  writeSnapshotCount,
  writeSnapshotEnd,
  writeSnapshotSession,
  writeSnapshotZnode,
} from '@corral/wire';
import { aclBytesOf, createsOf, dataOf, hasOpenAcl, ownerOf, statOf, type ZnodeRecord } from '@corral/znode';
import { type Environment, readState } from './environment.js';
import { longValueHeadBytes } from './flush.js';
import { unpackRecord } from './packed-record.js';
import { pathOfKey } from './tree-key.js';

/** About as long as one piece of the snapshot is. */
const PIECE_BYTES = 64 * 1024;
/** While nothing is to be sent yet, the reader gives way after so many records. */
const RECORDS_PER_PIECE = 1000;
const FIRST_KEY = Buffer.from([0]);
const NOTHING = Buffer.alloc(0);

/** The open transaction of LMDB's type declarations, which leave out how it ends. */
type ReadTransaction = Transaction & { done(): void };

/**
 * The tree as a snapshot for a learner, in ZooKeeper's form, read within one transaction of LMDB: whatever the member applies meanwhile, it
 * shows one moment, `zxid`. It comes in pieces and holds one of them, so a slow learner costs no memory.
 */
export class OutgoingSnapshot {
  /** The last transaction that it shows. */
  readonly zxid: Zxid;
  readonly #environment: Environment;
  readonly #transaction: ReadTransaction;
  readonly #longPathCount: number;
  readonly #writer = new RecordWriter(2 * PIECE_BYTES);
  /** The number of each ACL, by its bytes as Latin-1 text. */
  readonly #aclKeys = new Map<string, bigint>();
  #isClosed = false;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#transaction = environment.root.useReadTransaction();
    const { appliedZxid, longPathCount } = readState(environment, this.#transaction);
    this.zxid = appliedZxid as Zxid;
    this.#longPathCount = longPathCount;
  }

  /** The pieces, in order. An empty one stands for work without a result: the loop may do something else before the next. */
  *pieces(): Iterable<Buffer> {
    this.#writeSessions();
    const acls: Uint8Array[] = [];
    let records = 0;
    for (const { record } of this.#znodes()) {
      this.#noteAcl(record, acls);
      records += 1;
      if (records % RECORDS_PER_PIECE === 0) yield NOTHING;
    }
    writeSnapshotCount(this.#writer, acls.length);
    acls.forEach((acl, at) => {
      writeSnapshotAcl(this.#writer, at + 1, decodeAcl(acl));
    });
    yield* this.#treePieces();
    writeSnapshotEnd(this.#writer);
    yield this.#take();
  }

  *#treePieces(): Iterable<Buffer> {
    const late: { path: string; record: ZnodeRecord }[] = [];
    for (const { path, record, isLong } of this.#znodes()) {
      // Long keys are in no order; there are few of them.
      if (isLong) late.push({ path, record });
      else this.#writeZnode(path, record);
      if (this.#writer.length >= PIECE_BYTES) yield this.#take();
    }
    late.sort((a, b) => a.path.length - b.path.length);
    for (const { path, record } of late) {
      this.#writeZnode(path, record);
      if (this.#writer.length >= PIECE_BYTES) yield this.#take();
    }
  }

  #take(): Buffer {
    const piece = Buffer.from(this.#writer.buffer.subarray(0, this.#writer.length));
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

  /** All znodes; of those with short paths each parent before its children. */
  *#znodes(): Iterable<{ path: string; record: ZnodeRecord; isLong: boolean }> {
    const range = { start: FIRST_KEY, transaction: this.#transaction };
    for (const { key, value } of this.#environment.tree.getRange(range)) {
      const found = value as Buffer;
      const path = pathOfKey(key as unknown as Buffer);
      if (path !== undefined) {
        yield { path, record: unpackRecord(found, 0), isLong: false };
      } else if (this.#longPathCount > 0) {
        const head = longValueHeadBytes(found);
        yield { path: found.toString('utf8', 4, head), record: unpackRecord(found, head), isLong: true };
      }
    }
  }

  #noteAcl(record: ZnodeRecord, acls: Uint8Array[]): void {
    if (hasOpenAcl(record)) return;
    const bytes = aclBytesOf(record);
    const text = latin1(bytes);
    if (this.#aclKeys.has(text)) return;
    acls.push(Uint8Array.from(bytes));
    this.#aclKeys.set(text, BigInt(acls.length));
  }

  #writeZnode(path: string, record: ZnodeRecord): void {
    const stat = statOf(record);
    writeSnapshotZnode(this.#writer, {
      path: path === ROOT_PATH ? '' : path,
      data: dataOf(record),
      aclKey: hasOpenAcl(record) ? OPEN_ACL_KEY : this.#aclKeys.get(latin1(aclBytesOf(record)))!,
      // A snapshot counts the children ever created, and knows containers and TTLs by their owner's mark.
      stat: { ...stat, cversion: createsOf(record), ephemeralOwner: ownerOf(record) },
    });
  }

  /** Lets LMDB use again what the snapshot held. To be called whether it was read to its end or not. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#transaction.done();
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
