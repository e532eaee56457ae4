import { nodeName, OPEN_ACL, parentPath, ROOT_PATH, type Stat } from '@corral/model';
import {
  JuteAclCodec,
  OPEN_ACL_KEY,
  type PersistedStat,
  type SnapshotAcl,
  type SnapshotSession,
  type SnapshotVisitor,
  type SnapshotZnode,
} from '@corral/wire';
import { dataLengthOf, numChildrenOf, recordOf, setChildCount, type TreeStore } from '@corral/znode';
import { allocate } from '../allocate.js';
import { TakeOverFailedError } from './errors.js';

/**
 * Puts the contents of a snapshot into an empty store. A snapshot lists each znode before its children; in which order else depends on who
 * wrote it. What it does not tell is the number of children, so those that come in a row under one parent are counted and added to it.
 */
export class SnapshotLoader implements SnapshotVisitor {
  readonly #store: TreeStore;
  readonly #aclCodec = new JuteAclCodec();
  readonly #acls = new Map<bigint, Uint8Array>([[OPEN_ACL_KEY, this.#aclCodec.encode(OPEN_ACL)]]);
  /** The parent of the last znodes, and how many of them it has not been told of. */
  #parent = '';
  #childCount = 0;

  constructor(store: TreeStore) {
    this.#store = store;
  }

  session({ sessionId, timeoutMs }: SnapshotSession): void {
    this.#store.putSession(sessionId, timeoutMs);
  }

  acl({ key, acl }: SnapshotAcl): void {
    this.#acls.set(key, this.#aclCodec.encode(acl));
  }

  znode({ path: found, data, aclKey, stat }: SnapshotZnode): void {
    const path = found === '' ? ROOT_PATH : found;
    if (path !== ROOT_PATH) this.#linkToParent(path);
    const acl = this.#acls.get(aclKey);
    if (acl === undefined) throw new TakeOverFailedError(`the ACL ${String(aclKey)} of ${path} is missing`);
    // What a snapshot calls cversion counts the children ever created; the stat's follows from it and the number of children.
    const parts = { data, acl, creates: stat.cversion };
    const record = recordOf(fullStatOf(stat, data === null ? 0 : data.length), parts, allocate);
    setChildCount(record, 0);
    const { state } = this.#store;
    state.znodeCount += 1;
    state.dataSizeBytes += path.length + dataLengthOf(record);
    this.#store.put(path, record);
    if (stat.ephemeralOwner !== 0n) this.#store.putOwned(path, stat.ephemeralOwner);
    this.#store.transactionApplied();
  }

  #linkToParent(path: string): void {
    const parent = parentPath(path);
    if (parent !== this.#parent) {
      this.#tellParent();
      if (this.#store.get(parent) === undefined) throw new TakeOverFailedError(`the parent of ${path} is missing`);
      this.#parent = parent;
    }
    this.#childCount += 1;
    this.#store.linkChild(parent, nodeName(path));
  }

  #tellParent(): void {
    if (this.#childCount === 0) return;
    const record = this.#store.get(this.#parent)!;
    setChildCount(record, numChildrenOf(record) + this.#childCount);
    this.#store.put(this.#parent, record);
    this.#childCount = 0;
  }

  /** Counts what is not counted yet. To be called when the snapshot has been read to its end. */
  finish(): void {
    this.#tellParent();
  }
}

/** Field by field: a million of them are made in a row, and a spread costs several times as much. */
function fullStatOf(stat: PersistedStat, dataLength: number): Stat {
  return {
    czxid: stat.czxid,
    mzxid: stat.mzxid,
    ctimeMs: stat.ctimeMs,
    mtimeMs: stat.mtimeMs,
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: stat.ephemeralOwner,
    dataLength,
    numChildren: 0,
    pzxid: stat.pzxid,
  };
}
