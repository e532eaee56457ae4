import { OPEN_ACL, parentPath, ROOT_PATH } from '@corral/model';
import { readLong, type SessionId, type Zxid } from '@corral/primitives';
import {
  JuteAclCodec,
  OPEN_ACL_KEY,
  PersistedStatAt,
  type SnapshotAcl,
  type SnapshotSession,
  type SnapshotVisitor,
  type SnapshotZnodeView,
} from '@corral/wire';
import { CONFIG_PATH, numChildrenOf, setChildCount, type ZnodeRecord } from '@corral/znode';
import { RecordAssembler } from '../snapshot/persisted-stat.js';
import { type Environment, openEnvironment, type StoredState } from './environment.js';
import { SnapshotIncompleteError, TreeStoreFailedError } from './errors.js';
import { int32, int64, longValueHead, longValueHeadBytes, ownedValue } from './flush.js';
import { unpackRecord } from './packed-record.js';
import { isLongPath, PathKey, type TreeKey } from './tree-key.js';
import { ValueSlab } from './value-slab.js';

/** For so many parents their children are counted in memory before the counts are written. */
const PARENTS_MAX = 4_096;
const APPEND = { append: true };
const ANYWHERE = { append: false };
const NOBODY = 0n as SessionId;

/**
 * Fills a new tree file with the contents of a snapshot, faster than a store could: no record is kept, copied or made an object of, and one whose
 * key is behind all others goes to LMDB's last page without a search. Corral's snapshots are in the order of keys, Apache's are in none.
 *
 * Everything is written on the calling thread, so that whoever brings the bytes is slowed down by the disk without being told to wait. Nothing is
 * synced: the file counts only when its maker has synced it as a whole.
 */
export class TreeBuilder implements SnapshotVisitor {
  readonly #environment: Environment;
  readonly #slab = new ValueSlab();
  readonly #aclCodec = new JuteAclCodec();
  readonly #acls = new Map<number, Uint8Array>([[OPEN_ACL_KEY, this.#aclCodec.encode(OPEN_ACL)]]);
  readonly #assembler = new RecordAssembler();
  #key = new PathKey();
  #previousKey = new PathKey();
  /** Every key so far was behind the one before it. */
  #isInOrder = true;
  /** How many znodes in a row have the parent of `#previousKey`. */
  #siblings = 0;
  /** Children that the record of their parent does not count yet: a snapshot does not tell how many there are. */
  readonly #childCounts = new Map<string, number>();
  #newestZxid = 0;
  #znodeCount = 0;
  #dataSizeBytes = 0;
  #longPathCount = 0;

  private constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** The file must be new. */
  static open(file: string): TreeBuilder {
    return new TreeBuilder(openEnvironment(file, 'unsynced'));
  }

  get znodeCount(): number {
    return this.#znodeCount;
  }

  /** The newest transaction that any znode shows. That of the configuration does not count: it has the number of the configuration. */
  get newestZxid(): Zxid {
    return this.#newestZxid as Zxid;
  }

  /**
   * Writes all that `run` brings in one transaction.
   * @throws TreeStoreFailedError when it cannot be written.
   */
  write<T>(run: () => T): T {
    let fault: unknown;
    try {
      return this.#environment.root.transactionSync(() => {
        try {
          return run();
        } catch (error) {
          fault = error;
          throw error;
        }
      });
    } catch (error) {
      throw error === fault ? error : new TreeStoreFailedError(this.#environment.file, error);
    }
  }

  session({ sessionId, timeoutMs }: SnapshotSession): void {
    this.#slab.reserve(4);
    this.#environment.sessions.putSync(int64(sessionId), this.#slab.add(int32(timeoutMs)));
  }

  acl({ key, acl }: SnapshotAcl): void {
    this.#acls.set(key, this.#aclCodec.encode(acl));
  }

  /** @throws SnapshotIncompleteError when it refers to what is not there. */
  znode(znode: SnapshotZnodeView): void {
    const { pathStart, pathEnd } = znode;
    const acl = this.#acls.get(znode.aclKey);
    if (acl === undefined) {
      throw new SnapshotIncompleteError(`the ACL ${String(znode.aclKey)} of ${znode.path} is missing`);
    }
    const assembler = this.#assembler;
    assembler.assemble(znode, acl);
    if (pathEnd > pathStart && this.#key.take(znode.buffer, pathStart, pathEnd)) {
      this.#putByKey(pathEnd - pathStart);
    } else {
      this.#putByPath(znode.path === '' ? ROOT_PATH : znode.path);
    }
    if (assembler.owner !== NOBODY) this.#putOwned(znode.path);
    this.#noteZxid(znode, PersistedStatAt.czxid);
    this.#noteZxid(znode, PersistedStatAt.mzxid);
    this.#noteZxid(znode, PersistedStatAt.pzxid);
    this.#znodeCount += 1;
    this.#dataSizeBytes += Math.max(znode.dataLength, 0);
  }

  #noteZxid(znode: SnapshotZnodeView, at: number): void {
    const zxid = readLong(znode.buffer, znode.statAt + at);
    if (zxid > this.#newestZxid && znode.path !== CONFIG_PATH) this.#newestZxid = zxid;
  }

  #putByKey(pathLength: number): void {
    const { length, record } = this.#assembler;
    const key = this.#key;
    this.#isInOrder &&= key.isAfter(this.#previousKey);
    this.#slab.reserve(length);
    const value = this.#slab.addRecord(record, undefined, length);
    this.#environment.tree.putSync(key as unknown as TreeKey, value, this.#isInOrder ? APPEND : ANYWHERE);
    this.#dataSizeBytes += pathLength;
    if (!key.isSiblingOf(this.#previousKey)) this.#noteSiblings();
    this.#siblings += 1;
    this.#key = this.#previousKey;
    this.#previousKey = key;
  }

  /** The root, and paths that are long or not ASCII. */
  #putByPath(path: string): void {
    this.#putRecord(path, this.#assembler.record, this.#assembler.length);
    this.#dataSizeBytes += path.length;
    if (isLongPath(path)) this.#longPathCount += 1;
    if (path === ROOT_PATH) return;
    this.#isInOrder = false;
    this.#noteChildren(parentPath(path), 1);
  }

  #putRecord(path: string, record: ZnodeRecord, length = record.length): void {
    const head = isLongPath(path) ? longValueHead(path) : undefined;
    this.#slab.reserve(length + (head === undefined ? 0 : head.length));
    this.#environment.tree.putSync(path, this.#slab.addRecord(record, head, length));
  }

  #putOwned(path: string): void {
    const value = ownedValue(path, this.#assembler.owner);
    this.#slab.reserve(value.length);
    this.#environment.owned.putSync(path, this.#slab.add(value));
  }

  #noteSiblings(): void {
    if (this.#siblings > 0) this.#noteChildren(this.#previousKey.parentPath, this.#siblings);
    this.#siblings = 0;
  }

  #noteChildren(parent: string, count: number): void {
    this.#childCounts.set(parent, (this.#childCounts.get(parent) ?? 0) + count);
    if (this.#childCounts.size >= PARENTS_MAX) this.#writeChildCounts();
  }

  #writeChildCounts(): void {
    for (const [parent, count] of this.#childCounts) {
      const found = this.#environment.tree.getBinaryFast(parent);
      if (found === undefined)
        throw new SnapshotIncompleteError(`the znode ${parent} is missing, but not its children`);
      const record = unpackRecord(found, isLongPath(parent) ? longValueHeadBytes(found) : 0);
      setChildCount(record, numChildrenOf(record) + count);
      this.#putRecord(parent, record);
    }
    this.#childCounts.clear();
  }

  /**
   * Writes what is not known before the end, and closes the file.
   * @throws SnapshotIncompleteError when znodes are missing, TreeStoreFailedError when it cannot be written.
   */
  async finish(appliedZxid: Zxid): Promise<void> {
    this.write(() => {
      this.#noteSiblings();
      this.#writeChildCounts();
      const state: StoredState = {
        appliedZxid,
        znodeCount: this.#znodeCount,
        dataSizeBytes: this.#dataSizeBytes,
        longPathCount: this.#longPathCount,
      };
      this.#environment.meta.putSync('state', JSON.stringify(state));
    });
    await this.close();
  }

  /** Closes the file as it is; what was begun is worth nothing. */
  async close(): Promise<void> {
    await this.#environment.root.close();
  }
}
