import { assert, sessionIdOf, type Zxid } from '@corral/primitives';
import { nodeName, OPEN_ACL, parentPath, ROOT_PATH, type Stat } from '@corral/model';
import type { IncomingTree, OutgoingTree } from '@corral/member';
import type { MemoryTreeStore } from '@corral/storage-memory';
import {
  type ByteRange,
  decodeAcl,
  encodeAcl,
  OPEN_ACL_KEY,
  PersistedStatAt,
  readSnapshotSignature,
  RecordStream,
  RecordWriter,
  SNAPSHOT_SIGNATURE,
  SnapshotDecoder,
  type SnapshotZnodeParts,
  type SnapshotZnodeView,
  writeSnapshotAcl,
  writeSnapshotCount,
  writeSnapshotEnd,
  writeSnapshotSession,
  writeSnapshotZnode,
} from '@corral/wire';
import {
  aclBytesOf,
  createsOf,
  dataLengthOf,
  dataOf,
  hasOpenAcl,
  numChildrenOf,
  ownerOf,
  recordOf,
  setChildCount,
  statOf,
  type ZnodeRecord,
} from '@corral/znode';
import { Eventually } from './eventually.js';
import type { SimulatedTreeStore } from './simulated-tree-store.js';

const RECORD_BYTES_MAX = 1024 * 1024;

/** A tree on its way to a learner, in the form in which members send trees; each znode is a piece. */
export class OutgoingMemoryTree implements OutgoingTree {
  readonly #store: MemoryTreeStore;
  /** The number of each ACL that is not open, by its bytes. */
  readonly #aclKeys = new Map<string, number>();

  constructor(store: MemoryTreeStore) {
    this.#store = store;
  }

  get zxid(): Zxid {
    return this.#store.state.appliedZxid;
  }

  *pieces(): Iterable<Buffer> {
    const paths = [...this.#pathsFrom(ROOT_PATH)];
    yield piece((writer) => {
      this.#writeHead(writer, paths);
    });
    for (const path of paths) {
      yield piece((writer) => {
        writeSnapshotZnode(writer, this.#znode(path));
      });
    }
    yield piece(writeSnapshotEnd);
  }

  *#pathsFrom(path: string): Iterable<string> {
    yield path;
    for (const name of this.#store.childNames(path)) {
      yield* this.#pathsFrom(path === ROOT_PATH ? `/${name}` : `${path}/${name}`);
    }
  }

  #writeHead(writer: RecordWriter, paths: readonly string[]): void {
    const sessions = [...this.#store.sessions()];
    writeSnapshotCount(writer, sessions.length);
    for (const [id, timeoutMs] of sessions) writeSnapshotSession(writer, id, timeoutMs);
    for (const path of paths) {
      const record = this.#store.get(path)!;
      const bytes = hex(aclBytesOf(record));
      if (!hasOpenAcl(record) && !this.#aclKeys.has(bytes)) this.#aclKeys.set(bytes, this.#aclKeys.size + 1);
    }
    writeSnapshotCount(writer, this.#aclKeys.size);
    for (const [bytes, key] of this.#aclKeys) writeSnapshotAcl(writer, key, decodeAcl(Buffer.from(bytes, 'hex')));
  }

  #znode(path: string): SnapshotZnodeParts {
    const record = this.#store.get(path)!;
    const data = dataOf(record);
    return {
      path: rangeOf(Buffer.from(path === ROOT_PATH ? '' : path)),
      data: data === null ? null : rangeOf(data),
      aclKey: hasOpenAcl(record) ? OPEN_ACL_KEY : this.#aclKeys.get(hex(aclBytesOf(record)))!,
      stat: persistedStatOf(record),
    };
  }

  close(): void {
    // Memory is given back by itself.
  }
}

/** A tree that comes from the leader, taken into a store of its own. */
export class IncomingMemoryTree implements IncomingTree {
  readonly #store: SimulatedTreeStore;
  readonly #decoder: SnapshotDecoder;
  readonly #signature = new RecordStream(64);
  readonly #completed: (store: SimulatedTreeStore, zxid: Zxid) => PromiseLike<void>;

  /** `completed` makes a tree that is whole durable. */
  constructor(store: SimulatedTreeStore, completed: (store: SimulatedTreeStore, zxid: Zxid) => PromiseLike<void>) {
    this.#store = store;
    this.#completed = completed;
    const acls = new Map([[OPEN_ACL_KEY, encodeAcl(OPEN_ACL)]]);
    this.#decoder = new SnapshotDecoder(
      'stream',
      {
        session: ({ sessionId, timeoutMs }) => {
          store.putSession(sessionId, timeoutMs);
        },
        acl: ({ key, acl }) => {
          acls.set(key, encodeAcl(acl));
        },
        znode: (znode) => {
          const acl = acls.get(znode.aclKey);
          assert(acl !== undefined, 'a snapshot lists the ACLs of its znodes');
          plant(store, znode, acl);
        },
      },
      { maxRecordBytes: RECORD_BYTES_MAX },
    );
  }

  get znodeCount(): number {
    return this.#store.state.znodeCount;
  }

  get sizeBytes(): number {
    return this.#decoder.position;
  }

  push(chunk: Buffer): Buffer | undefined {
    if (this.#decoder.done) {
      this.#signature.push(chunk);
    } else {
      this.#decoder.push(chunk);
      if (!this.#decoder.done) return undefined;
      this.#signature.push(this.#decoder.takeRest());
    }
    const signature = this.#signature.read(readSnapshotSignature);
    if (signature === undefined) return undefined;
    assert(signature === SNAPSHOT_SIGNATURE, 'a snapshot ends in its signature');
    return this.#signature.takeRest();
  }

  complete(zxid: Zxid): PromiseLike<void> {
    return this.#completed(this.#store, zxid);
  }

  abandon(): PromiseLike<void> {
    return Eventually.of(undefined);
  }
}

/** A snapshot counts the children ever created, and knows containers and TTLs by their owner's mark. */
function persistedStatOf(record: ZnodeRecord): Buffer {
  const { czxid, mzxid, pzxid, ctimeMs, mtimeMs, version, aversion } = statOf(record);
  return piece((writer) => {
    for (const long of [czxid, mzxid, ctimeMs, mtimeMs]) writer.writeLong(long);
    for (const int of [version, createsOf(record), aversion]) writer.writeInt(int);
    writer.writeLongBig(ownerOf(record));
    writer.writeLong(pzxid);
  });
}

function plant(store: SimulatedTreeStore, znode: SnapshotZnodeView, acl: Uint8Array): void {
  const { buffer, dataLength, dataStart, statAt } = znode;
  const path = znode.path === '' ? ROOT_PATH : znode.path;
  const long = (at: number): number => Number(buffer.readBigInt64BE(statAt + at));
  const owner = sessionIdOf(buffer.readBigInt64BE(statAt + PersistedStatAt.owner));
  const stat: Stat = {
    czxid: long(PersistedStatAt.czxid) as Zxid,
    mzxid: long(PersistedStatAt.mzxid) as Zxid,
    ctimeMs: long(PersistedStatAt.ctimeMs),
    mtimeMs: long(PersistedStatAt.mtimeMs),
    version: buffer.readInt32BE(statAt + PersistedStatAt.version),
    cversion: 0,
    aversion: buffer.readInt32BE(statAt + PersistedStatAt.aversion),
    ephemeralOwner: owner,
    dataLength: Math.max(dataLength, 0),
    numChildren: 0,
    pzxid: long(PersistedStatAt.pzxid) as Zxid,
  };
  const data = dataLength < 0 ? null : Uint8Array.from(buffer.subarray(dataStart, dataStart + dataLength));
  const creates = buffer.readInt32BE(statAt + PersistedStatAt.creates);
  const record = recordOf(stat, { data, acl, creates }, (sizeBytes) => Buffer.alloc(sizeBytes));
  setChildCount(record, 0);
  store.put(path, record);
  store.state.znodeCount += 1;
  store.state.dataSizeBytes += path.length + dataLengthOf(record);
  if (owner !== 0n) store.putOwned(path, owner);
  if (path === ROOT_PATH) return;
  const parent = store.get(parentPath(path))!;
  setChildCount(parent, numChildrenOf(parent) + 1);
  store.put(parentPath(path), parent);
  store.linkChild(parentPath(path), nodeName(path));
}

const rangeOf = (bytes: Uint8Array): ByteRange => ({ bytes, start: 0, end: bytes.length });

function piece(write: (writer: RecordWriter) => void): Buffer {
  const writer = new RecordWriter(512);
  write(writer);
  return Buffer.from(writer.buffer.subarray(0, writer.length));
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
