import { assert, type SessionId, type Zxid, ZXID_ZERO } from '@corral/primitives';
import {
  type Acl,
  CONTAINER_OWNER,
  ErrorCode,
  EventType,
  type NodeChange,
  nodeName,
  OPEN_ACL,
  OpCode,
  parentPath,
  READ_ACL,
  ROOT_PATH,
  type Transaction,
  type TransactionHeader,
  ttlOwner,
} from '@corral/model';
import type { AclCodec } from './acl-codec.js';
import { Owned } from './owned.js';
import { QuotaKeeper } from './quota-keeper.js';
import { QUOTA_ROOT } from './quotas.js';
import * as records from './record.js';
import { subtree } from './subtree.js';
import { CONFIG_PATH, SYSTEM_ROOT } from './system-paths.js';
import type { TreeStore } from './tree-store.js';
import { type Deliver, WatchTable } from './watches.js';

/** What a tree works with. */
export interface TreeOptions<W extends object> {
  readonly store: TreeStore;
  readonly aclCodec: AclCodec;
  readonly allocate: records.Allocate;
  /** Takes watch events, in the order in which they happen. */
  readonly deliver: Deliver<W>;
}

/** What came of one change: the record as it is right after it, or an error code inside a failed multi. */
export type ChangeResult = records.ZnodeRecord | ErrorCode | undefined;

/**
 * The replicated tree of znodes: applies committed transactions, which cannot fail, and answers reads.
 * Applying fires watches. `W` is whoever watches, for the server a connection.
 */
export class Tree<W extends object = object> {
  readonly dataWatches = new WatchTable<W>();
  readonly childWatches = new WatchTable<W>();
  readonly owned: Owned;
  readonly #store: TreeStore;
  readonly #aclCodec: AclCodec;
  readonly #allocate: records.Allocate;
  readonly #deliver: Deliver<W>;
  readonly #quotas: QuotaKeeper;

  constructor(options: TreeOptions<W>) {
    this.#store = options.store;
    this.#aclCodec = options.aclCodec;
    this.#allocate = options.allocate;
    this.#deliver = options.deliver;
    if (this.#store.get(ROOT_PATH) === undefined) this.#plant();
    this.owned = new Owned(this.#store);
    this.#quotas = new QuotaKeeper(this.#store, this.#allocate);
  }

  /** The tree of a member that has just been born: the root and ZooKeeper's own znodes, as Apache starts with them. */
  #plant(): void {
    for (const path of [ROOT_PATH, SYSTEM_ROOT, QUOTA_ROOT, CONFIG_PATH]) {
      const acl = this.#aclCodec.encode(path === CONFIG_PATH ? READ_ACL : OPEN_ACL);
      const record = records.newRecord(
        { data: new Uint8Array(0), acl, zxid: ZXID_ZERO, timeMs: 0, owner: 0n as SessionId },
        this.#allocate,
      );
      if (path === CONFIG_PATH) records.stampAcl(record, -1);
      this.#insert(path, record);
    }
    // These were never "created" by a transaction: the count of children is right, the count of creations stays 0.
    this.#adopt(ROOT_PATH, 1);
    this.#adopt(SYSTEM_ROOT, 2);
    this.#store.transactionApplied();
  }

  #adopt(path: string, children: number): void {
    const record = this.#existing(path);
    records.setChildCount(record, children);
    this.#store.put(path, record);
  }

  #insert(path: string, record: records.ZnodeRecord): void {
    this.#store.put(path, record);
    if (path !== ROOT_PATH) this.#store.linkChild(parentPath(path), nodeName(path));
    this.#store.state.znodeCount += 1;
    this.#store.state.dataSizeBytes += path.length + records.dataLengthOf(record);
  }

  /** The newest transaction that reads show. */
  get appliedZxid(): Zxid {
    return this.#store.state.appliedZxid;
  }

  get znodeCount(): number {
    return this.#store.state.znodeCount;
  }

  /** Bytes of all paths and data. */
  get dataSizeBytes(): number {
    return this.#store.state.dataSizeBytes;
  }

  /** The record at a path; do not change it. ZooKeeper knows the root also by the empty name. */
  get(path: string): records.ZnodeRecord | undefined {
    return this.#store.get(path === '' ? ROOT_PATH : path);
  }

  /** The ACL of a record. */
  aclOf(record: records.ZnodeRecord): readonly Acl[] {
    return records.hasOpenAcl(record) ? OPEN_ACL : this.#aclCodec.decode(records.aclBytesOf(record));
  }

  childNames(path: string): string[] {
    return this.#store.childNames(path === '' ? ROOT_PATH : path);
  }

  /** How many znodes lie below a path. */
  countBelow(path: string): number {
    if (path === ROOT_PATH || path === '') return this.znodeCount - 1;
    let count = 0;
    for (const at of subtree(this.#store, path)) count += at === path ? 0 : 1;
    return count;
  }

  /** The nearest path at or above this one that has a quota. */
  quotaPathOf(path: string): string | undefined {
    return this.#quotas.covering(path);
  }

  sessions(): Iterable<readonly [SessionId, number]> {
    return this.#store.sessions();
  }

  /**
   * Applies a committed transaction. Transactions come in zxid order; one that is already applied is skipped, so that a log
   * may be replayed from any earlier place.
   * @returns what came of each change: one entry, or as many as a multi has.
   */
  apply({ header, change }: Transaction): ChangeResult | ChangeResult[] {
    const { state } = this.#store;
    if (header.zxid <= state.appliedZxid) return undefined;
    let result: ChangeResult | ChangeResult[];
    switch (change.type) {
      case OpCode.multi: {
        result = this.#applyMulti(header, change.changes);
        break;
      }
      case OpCode.createSession:
        this.#store.putSession(header.sessionId, change.timeoutMs);
        break;
      case OpCode.closeSession:
        this.#closeSession(header, change.paths);
        break;
      default:
        result = this.#applyChange(header, change);
    }
    state.appliedZxid = header.zxid;
    this.#store.transactionApplied();
    return result;
  }

  /** A multi is all or nothing; one that failed is in the log (of Apache) as a list of errors and changes nothing. */
  #applyMulti(header: TransactionHeader, changes: readonly NodeChange[]): ChangeResult[] {
    const failed = changes.some((change) => change.type === OpCode.error);
    return changes.map((change) => {
      if (change.type === OpCode.error) return change.code;
      if (failed) return ErrorCode.ok;
      const result = this.#applyChange(header, change);
      // A later change in the same multi may alter the record in place; this result must stay what it was.
      return typeof result === 'object' ? this.#copy(result) : result;
    });
  }

  #copy(record: records.ZnodeRecord): records.ZnodeRecord {
    const copy = this.#allocate(record.length);
    copy.set(record);
    return copy;
  }

  #applyChange(header: TransactionHeader, change: NodeChange): ChangeResult {
    switch (change.type) {
      case OpCode.create:
      case OpCode.create2:
        return this.#create(header, change, change.ephemeral ? header.sessionId : (0n as SessionId));
      case OpCode.createContainer:
        return this.#create(header, change, CONTAINER_OWNER);
      case OpCode.createTtl:
        return this.#create(header, change, ttlOwner(change.ttlMs));
      case OpCode.delete:
      case OpCode.deleteContainer:
        this.#delete(header.zxid, change.path);
        return undefined;
      case OpCode.setData:
      case OpCode.reconfig:
        return this.#setData(header, change.path, change.data, change.version);
      case OpCode.setAcl:
        return this.#setAcl(change.path, change.acl, change.version);
      case OpCode.check:
      case OpCode.error:
        return undefined;
    }
  }

  #existing(path: string): records.ZnodeRecord {
    const record = this.#store.get(path);
    assert(record !== undefined, `a transaction only names znodes that exist: ${path}`);
    return record;
  }

  #create(
    header: TransactionHeader,
    change: { path: string; data: Uint8Array | null; acl: readonly Acl[]; parentCreates: number },
    owner: SessionId,
  ): records.ZnodeRecord {
    const { path } = change;
    const parent = parentPath(path);
    const parentRecord = this.#existing(parent);
    const acl = this.#aclCodec.encode(change.acl);
    const record = records.newRecord(
      { data: change.data, acl, zxid: header.zxid, timeMs: header.timeMs, owner },
      this.#allocate,
    );
    this.#insert(path, record);
    records.stampChildren(parentRecord, header.zxid, 1);
    records.setCreates(parentRecord, change.parentCreates);
    this.#store.put(parent, parentRecord);
    if (owner !== 0n) this.owned.add(path, owner);
    this.#quotas.created(path, records.dataLengthOf(record));
    this.#notifyData(EventType.nodeCreated, path, record);
    this.#notifyChildren(parent, parentRecord);
    return record;
  }

  #delete(zxid: Zxid, path: string): void {
    const record = this.#existing(path);
    const parent = parentPath(path);
    const parentRecord = this.#existing(parent);
    const dataLength = records.dataLengthOf(record);
    if (!records.isPersistent(record)) this.owned.remove(path, records.ownerOf(record));
    this.#store.remove(path);
    this.#store.unlinkChild(parent, nodeName(path));
    this.#store.state.znodeCount -= 1;
    this.#store.state.dataSizeBytes -= path.length + dataLength;
    records.stampChildren(parentRecord, zxid, -1);
    this.#store.put(parent, parentRecord);
    this.#quotas.deleted(path, dataLength);
    const deleted = { type: EventType.nodeDeleted, path, acl: this.aclOf(record) };
    const told = this.dataWatches.trigger(deleted, this.#deliver);
    this.childWatches.trigger(deleted, this.#deliver, told);
    this.#notifyChildren(parent, parentRecord);
  }

  #setData(header: TransactionHeader, path: string, data: Uint8Array | null, version: number): records.ZnodeRecord {
    const before = this.#existing(path);
    const lengthBefore = records.dataLengthOf(before);
    const record = records.withData(before, data, this.#allocate);
    records.stampData(record, header.zxid, header.timeMs, version);
    this.#store.put(path, record);
    const grown = records.dataLengthOf(record) - lengthBefore;
    this.#store.state.dataSizeBytes += grown;
    this.#quotas.count(path, 0, grown);
    this.#notifyData(EventType.nodeDataChanged, path, record);
    return record;
  }

  #notifyData(type: EventType, path: string, record: records.ZnodeRecord): void {
    if (this.dataWatches.count > 0) this.dataWatches.trigger({ type, path, acl: this.aclOf(record) }, this.#deliver);
  }

  #notifyChildren(path: string, record: records.ZnodeRecord): void {
    if (this.childWatches.count === 0) return;
    const change = { type: EventType.nodeChildrenChanged, path, acl: this.aclOf(record) };
    this.childWatches.trigger(change, this.#deliver);
  }

  #setAcl(path: string, acl: readonly Acl[], version: number): records.ZnodeRecord {
    const record = records.withAcl(this.#existing(path), this.#aclCodec.encode(acl), this.#allocate);
    records.stampAcl(record, version);
    this.#store.put(path, record);
    return record;
  }

  #closeSession(header: TransactionHeader, paths: readonly string[] | null): void {
    const { sessionId, zxid } = header;
    // What the leader listed, then whatever else is still there, as Apache does it.
    for (const path of [...(paths ?? []), ...this.owned.ofSession(sessionId)]) {
      const record = this.#store.get(path);
      if (record !== undefined && records.ownerOf(record) === sessionId) this.#delete(zxid, path);
    }
    this.#store.removeSession(sessionId);
  }
}
