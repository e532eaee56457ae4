import type { SessionId } from '@corral/primitives';
import { ownershipOf } from '@corral/model';
import type { TreeStore } from './tree-store.js';

const NONE: ReadonlySet<string> = new Set();

/** The znodes that do not live until a client deletes them: ephemerals by session, containers, and those with a time to live. */
export class Owned {
  readonly containers = new Set<string>();
  readonly ttls = new Set<string>();
  readonly #bySession = new Map<SessionId, Set<string>>();
  readonly #store: TreeStore;
  #ephemeralCount = 0;

  /** Reads the store's list of owned znodes. */
  constructor(store: TreeStore) {
    this.#store = store;
    for (const [path, owner] of store.owned()) this.#index(path, owner);
  }

  get ephemeralCount(): number {
    return this.#ephemeralCount;
  }

  get sessionCount(): number {
    return this.#bySession.size;
  }

  ofSession(id: SessionId): ReadonlySet<string> {
    return this.#bySession.get(id) ?? NONE;
  }

  add(path: string, owner: SessionId): void {
    this.#store.putOwned(path, owner);
    this.#index(path, owner);
  }

  #index(path: string, owner: SessionId): void {
    switch (ownershipOf(owner).kind) {
      case 'container':
        this.containers.add(path);
        return;
      case 'ttl':
        this.ttls.add(path);
        return;
      case 'ephemeral':
        this.#addEphemeral(path, owner);
        return;
      case 'persistent':
    }
  }

  #addEphemeral(path: string, owner: SessionId): void {
    let paths = this.#bySession.get(owner);
    if (paths === undefined) {
      paths = new Set();
      this.#bySession.set(owner, paths);
    }
    paths.add(path);
    this.#ephemeralCount += 1;
  }

  remove(path: string, owner: SessionId): void {
    this.#store.removeOwned(path);
    this.containers.delete(path);
    this.ttls.delete(path);
    const paths = this.#bySession.get(owner);
    if (paths?.delete(path) !== true) return;
    this.#ephemeralCount -= 1;
    if (paths.size === 0) this.#bySession.delete(owner);
  }
}
