/**
 * Transactions applied to a tree that may have some of them already. Apache ZooKeeper writes a snapshot while it serves, so the log
 * after it begins before its end, and what does not fit is no error: to create what exists or to delete what is gone means that the
 * snapshot was ahead. The counts of a parent follow the larger of what it has and what the transaction says.
 */

import {
  childPath,
  CONTAINER_OWNER,
  nodeName,
  ownershipOf,
  type NodeChange,
  OpCode,
  parentPath,
  type Transaction,
  type TransactionHeader,
  ttlOwner,
} from '@corral/model';
import type { SessionId, Zxid } from '@corral/primitives';
import { allocate } from '../allocate.js';
import { JuteAclCodec } from '@corral/wire';
import * as records from '@corral/znode';
import type { TreeStore, ZnodeRecord } from '@corral/znode';

const NOBODY = 0n as SessionId;

/** What all kinds of create have in common. */
interface AnyCreate {
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly acl: Parameters<JuteAclCodec['encode']>[0];
  readonly parentCreates: number;
}

/** Replays Apache's log over the contents of one of its snapshots. */
export class FuzzyReplay {
  readonly #store: TreeStore;
  readonly #aclCodec = new JuteAclCodec();
  /** Who owns which ephemerals, for sessions that end. */
  readonly #ephemerals = new Map<SessionId, Set<string>>();

  /** Begins over what the store holds. */
  constructor(store: TreeStore) {
    this.#store = store;
    for (const [path, owner] of store.owned()) this.#ephemeralsOf(owner).add(path);
  }

  /** Applies the next transaction of the log. */
  apply({ header, change }: Transaction): void {
    switch (change.type) {
      case OpCode.createSession:
        this.#store.putSession(header.sessionId, change.timeoutMs);
        break;
      case OpCode.closeSession:
        this.#closeSession(header, change.paths ?? []);
        break;
      case OpCode.multi:
        // One that was refused is in the log too, and changed nothing.
        if (change.changes.some((part) => part.type === OpCode.error)) break;
        for (const part of change.changes) this.#applyChange(header, part);
        break;
      default:
        this.#applyChange(header, change);
    }
    this.#store.state.appliedZxid = header.zxid;
    this.#store.transactionApplied();
  }

  /** Removes the ephemerals of sessions that are no more, as a server does before it serves. */
  removeOrphans(): void {
    const living = new Set<SessionId>();
    for (const [id] of this.#store.sessions()) living.add(id);
    const { appliedZxid } = this.#store.state;
    for (const [owner, paths] of this.#ephemerals) {
      if (living.has(owner)) continue;
      for (const path of [...paths]) if (isEphemeral(this.#store.get(path))) this.#delete(appliedZxid, path);
    }
    this.#store.transactionApplied();
  }

  #applyChange(header: TransactionHeader, change: NodeChange): void {
    switch (change.type) {
      case OpCode.create:
      case OpCode.create2:
        this.#create(header, change, change.ephemeral ? header.sessionId : NOBODY);
        return;
      case OpCode.createContainer:
        this.#create(header, change, CONTAINER_OWNER);
        return;
      case OpCode.createTtl:
        this.#create(header, change, ttlOwner(change.ttlMs));
        return;
      case OpCode.delete:
      case OpCode.deleteContainer:
        this.#delete(header.zxid, change.path);
        return;
      case OpCode.setData:
      case OpCode.reconfig:
        this.#setData(header, change.path, change.data, change.version);
        return;
      case OpCode.setAcl:
        this.#setAcl(change.path, this.#aclCodec.encode(change.acl), change.version);
        return;
      case OpCode.check:
      case OpCode.error:
        return;
    }
  }

  #create(header: TransactionHeader, change: AnyCreate, owner: SessionId): void {
    const { path, data } = change;
    const parent = parentPath(path);
    const parentRecord = this.#store.get(parent);
    if (parentRecord === undefined) return;
    const exists = this.#store.get(path) !== undefined;
    const creates = change.parentCreates === -1 ? records.createsOf(parentRecord) + 1 : change.parentCreates;
    const childCount = records.numChildrenOf(parentRecord);
    if (creates > records.createsOf(parentRecord)) {
      records.setCreates(parentRecord, creates);
      records.stampChildren(parentRecord, header.zxid, 1);
    }
    records.setChildCount(parentRecord, exists ? childCount : childCount + 1);
    this.#store.put(parent, parentRecord);
    if (exists) return;
    const from = { data, acl: this.#aclCodec.encode(change.acl), zxid: header.zxid, timeMs: header.timeMs, owner };
    this.#store.put(path, records.newRecord(from, allocate));
    this.#store.linkChild(parent, nodeName(path));
    this.#count(1, path.length + (data?.length ?? 0));
    if (owner === NOBODY) return;
    this.#store.putOwned(path, owner);
    this.#ephemeralsOf(owner).add(path);
  }

  #delete(zxid: Zxid, path: string): void {
    const parent = parentPath(path);
    const parentRecord = this.#store.get(parent);
    const record = this.#store.get(path);
    if (parentRecord !== undefined) {
      const childCount = records.numChildrenOf(parentRecord);
      records.stampChildren(parentRecord, zxid, -1);
      records.setChildCount(parentRecord, record === undefined ? childCount : childCount - 1);
      this.#store.put(parent, parentRecord);
    }
    if (record === undefined) return;
    // It can only have children when the snapshot is so far ahead that it shows the znode that will take its place. They come
    // back, with it, further on in the log.
    if (records.numChildrenOf(record) > 0) {
      for (const name of this.#store.childNames(path)) this.#delete(zxid, childPath(path, name));
    }
    this.#store.remove(path);
    this.#store.unlinkChild(parent, nodeName(path));
    this.#count(-1, -path.length - records.dataLengthOf(record));
    if (records.isPersistent(record)) return;
    this.#store.removeOwned(path);
    this.#ephemerals.get(records.ownerOf(record))?.delete(path);
  }

  #setData(header: TransactionHeader, path: string, data: Uint8Array | null, version: number): void {
    const before = this.#store.get(path);
    if (before === undefined) return;
    const lengthBefore = records.dataLengthOf(before);
    const record = records.withData(before, data, allocate);
    records.stampData(record, header.zxid, header.timeMs, version);
    this.#store.put(path, record);
    this.#count(0, records.dataLengthOf(record) - lengthBefore);
  }

  #setAcl(path: string, acl: Uint8Array, version: number): void {
    const before = this.#store.get(path);
    if (before === undefined) return;
    const record = records.withAcl(before, acl, allocate);
    records.stampAcl(record, version);
    this.#store.put(path, record);
  }

  #closeSession({ sessionId, zxid }: TransactionHeader, listed: readonly string[]): void {
    for (const path of new Set([...listed, ...(this.#ephemerals.get(sessionId) ?? [])])) {
      this.#delete(zxid, path);
    }
    this.#ephemerals.delete(sessionId);
    this.#store.removeSession(sessionId);
  }

  #ephemeralsOf(owner: SessionId): Set<string> {
    let paths = this.#ephemerals.get(owner);
    if (paths === undefined) this.#ephemerals.set(owner, (paths = new Set()));
    return paths;
  }

  #count(znodes: number, bytes: number): void {
    this.#store.state.znodeCount += znodes;
    this.#store.state.dataSizeBytes += bytes;
  }
}

function isEphemeral(record: ZnodeRecord | undefined): boolean {
  return record !== undefined && ownershipOf(records.ownerOf(record)).kind === 'ephemeral';
}
