import { isSameOrBelow, nodeName, OPEN_ACL, parentPath, ROOT_PATH } from '@corral/model';
import {
  JuteAclCodec,
  OPEN_ACL_KEY,
  type SnapshotAcl,
  type SnapshotSession,
  type SnapshotVisitor,
  type SnapshotZnode,
} from '@corral/wire';
import { dataLengthOf, recordOf, setChildCount, type TreeStore, type ZnodeRecord } from '@corral/znode';
import { allocate } from '../allocate.js';
import { TakeOverFailedError } from './errors.js';

/** A znode whose children are still coming. */
interface OpenZnode {
  readonly path: string;
  readonly record: ZnodeRecord;
  childCount: number;
}

/**
 * Puts the contents of a snapshot into an empty store. A snapshot lists each znode before its children and all of these before the
 * next znode, so only the line from the root to the current znode is held: a znode is stored when its number of children is known.
 */
export class SnapshotLoader implements SnapshotVisitor {
  readonly #store: TreeStore;
  readonly #aclCodec = new JuteAclCodec();
  readonly #acls = new Map<bigint, Uint8Array>([[OPEN_ACL_KEY, this.#aclCodec.encode(OPEN_ACL)]]);
  readonly #line: OpenZnode[] = [];

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
    this.#closeDownTo(path);
    const parent = this.#line.at(-1);
    if (path !== ROOT_PATH) {
      if (parent?.path !== parentPath(path)) throw new TakeOverFailedError(`the parent of ${path} is missing`);
      parent.childCount++;
      this.#store.linkChild(parent.path, nodeName(path));
    }
    const acl = this.#acls.get(aclKey);
    if (acl === undefined) throw new TakeOverFailedError(`the ACL ${String(aclKey)} of ${path} is missing`);
    // What a snapshot calls cversion counts the children ever created; the stat's follows from it and the number of children.
    const parts = { data, acl, creates: stat.cversion };
    const full = { ...stat, dataLength: data?.length ?? 0, numChildren: 0 };
    this.#line.push({ path, record: recordOf(full, parts, allocate), childCount: 0 });
    if (stat.ephemeralOwner !== 0n) this.#store.putOwned(path, stat.ephemeralOwner);
  }

  /** Stores what is still open. To be called when the snapshot has been read to its end. */
  finish(): void {
    while (this.#line.length > 0) this.#closeLast();
  }

  #closeDownTo(path: string): void {
    while (this.#line.length > 0 && !isSameOrBelow(path, this.#line.at(-1)!.path)) this.#closeLast();
  }

  #closeLast(): void {
    const { path, record, childCount } = this.#line.pop()!;
    setChildCount(record, childCount);
    const { state } = this.#store;
    state.znodeCount += 1;
    state.dataSizeBytes += path.length + dataLengthOf(record);
    this.#store.put(path, record);
    this.#store.transactionApplied();
  }
}
