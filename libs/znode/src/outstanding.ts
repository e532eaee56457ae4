import type { SessionId, Zxid } from '@corral/primitives';
import type { Acl } from '@corral/model';

/**
 * A znode as it will be once all that has been proposed is applied. The leader decides about a request against these, not against
 * the tree, which is some milliseconds behind.
 */
export interface OutstandingZnode {
  /** The newest proposed transaction that touches it; -1 while none does. */
  zxid: Zxid | -1;
  deleted: boolean;
  version: number;
  aversion: number;
  /** Children ever created. */
  creates: number;
  numChildren: number;
  /** The owner field of its stat. */
  owner: SessionId;
  acl: readonly Acl[];
  dataLength: number;
}

/** The znodes that proposed, not yet applied transactions touch. A multi that fails half-way is rolled back. */
export class OutstandingChanges {
  readonly #znodes = new Map<string, OutstandingZnode>();
  readonly #ephemerals = new Map<SessionId, Set<string>>();
  /** While a multi is being prepared: what each path was before it. */
  #undo: [string, OutstandingZnode | undefined][] | undefined;
  #notedSinceBegin: [SessionId, string][] | undefined;

  get size(): number {
    return this.#znodes.size;
  }

  get(path: string): OutstandingZnode | undefined {
    return this.#znodes.get(path);
  }

  /** Takes the znode over and returns the object that may be changed. */
  claim(path: string, znode: OutstandingZnode, zxid: Zxid): OutstandingZnode {
    if (this.#undo !== undefined) {
      this.#undo.push([path, this.#znodes.get(path)]);
      znode = { ...znode };
    }
    znode.zxid = zxid;
    this.#znodes.set(path, znode);
    return znode;
  }

  /** Remembers an ephemeral whose creation is proposed, for the case that its session is closed before it stands in the tree. */
  noteEphemeral(sessionId: SessionId, path: string): void {
    let paths = this.#ephemerals.get(sessionId);
    if (paths?.has(path) === true) return;
    if (paths === undefined) {
      paths = new Set();
      this.#ephemerals.set(sessionId, paths);
    }
    paths.add(path);
    this.#notedSinceBegin?.push([sessionId, path]);
  }

  /** The ephemerals of a session whose creation was proposed and may not stand in the tree yet. */
  proposedEphemerals(sessionId: SessionId): Iterable<string> {
    return this.#ephemerals.get(sessionId) ?? [];
  }

  /** From here on changes can be taken back. */
  begin(): void {
    this.#undo = [];
    this.#notedSinceBegin = [];
  }

  commit(): void {
    this.#undo = undefined;
    this.#notedSinceBegin = undefined;
  }

  rollback(): void {
    for (const [path, before] of (this.#undo ?? []).reverse()) {
      if (before === undefined) this.#znodes.delete(path);
      else this.#znodes.set(path, before);
    }
    for (const [sessionId, path] of this.#notedSinceBegin ?? []) this.#forgetEphemeral(sessionId, path);
    this.commit();
  }

  /** The session is closed, and all that it owned with it. */
  forgetSession(sessionId: SessionId): void {
    this.#ephemerals.delete(sessionId);
  }

  /** Forgets everything: what was proposed will never be applied. */
  clear(): void {
    this.#znodes.clear();
    this.#ephemerals.clear();
  }

  /** The transaction is applied: what only it had touched now stands in the tree. */
  settle(path: string, zxid: Zxid): void {
    const znode = this.#znodes.get(path);
    if (znode === undefined || znode.zxid > zxid) return;
    this.#znodes.delete(path);
    if (znode.owner !== 0n) this.#forgetEphemeral(znode.owner, path);
  }

  #forgetEphemeral(sessionId: SessionId, path: string): void {
    const paths = this.#ephemerals.get(sessionId);
    if (paths?.delete(path) === true && paths.size === 0) this.#ephemerals.delete(sessionId);
  }
}
