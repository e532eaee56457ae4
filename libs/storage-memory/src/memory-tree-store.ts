import type { SessionId, Zxid } from '@corral/primitives';
import type { TreeState, TreeStore, ZnodeRecord } from '@corral/znode';

/** Everything a tree store holds. */
interface Contents {
  state: TreeState;
  readonly records: Map<string, ZnodeRecord>;
  readonly children: Map<string, Set<string>>;
  readonly sessions: Map<SessionId, number>;
  readonly owned: Map<string, SessionId>;
}

/**
 * The tree in memory. `flush` takes a copy, `crash` goes back to the last one: what a process that dies would find again. With `flushesLater` a
 * copy counts only once `completeFlush` is called, so that a simulator decides how long a flush takes.
 */
export class MemoryTreeStore implements TreeStore {
  readonly state: TreeState = emptyState();
  readonly #flushesLater: boolean;
  #live: Contents;
  #durable: Contents;
  #flushing: Contents | undefined;

  constructor(options: { readonly flushesLater?: boolean } = {}) {
    this.#flushesLater = options.flushesLater ?? false;
    this.#live = { ...emptyContents(), state: this.state };
    this.#durable = emptyContents();
  }

  get flushedZxid(): Zxid {
    return this.#durable.state.appliedZxid;
  }

  get(path: string): ZnodeRecord | undefined {
    return this.#live.records.get(path);
  }

  put(path: string, record: ZnodeRecord): void {
    this.#live.records.set(path, record);
  }

  remove(path: string): void {
    this.#live.records.delete(path);
  }

  linkChild(parent: string, name: string): void {
    const names = this.#live.children.get(parent);
    if (names === undefined) this.#live.children.set(parent, new Set([name]));
    else names.add(name);
  }

  unlinkChild(parent: string, name: string): void {
    const names = this.#live.children.get(parent);
    if (names?.delete(name) === true && names.size === 0) this.#live.children.delete(parent);
  }

  childNames(parent: string): string[] {
    return [...(this.#live.children.get(parent) ?? [])];
  }

  putSession(id: SessionId, timeoutMs: number): void {
    this.#live.sessions.set(id, timeoutMs);
  }

  removeSession(id: SessionId): void {
    this.#live.sessions.delete(id);
  }

  sessions(): Iterable<readonly [SessionId, number]> {
    return [...this.#live.sessions];
  }

  putOwned(path: string, owner: SessionId): void {
    this.#live.owned.set(path, owner);
  }

  removeOwned(path: string): void {
    this.#live.owned.delete(path);
  }

  owned(): Iterable<readonly [string, SessionId]> {
    return [...this.#live.owned];
  }

  transactionApplied(): void {
    // Memory has no bound to keep: only `flush` makes anything last.
  }

  /** Makes all writes so far, and the state, outlast a crash; or begins to, unless a flush is under way. */
  flush(): void {
    if (this.#flushing !== undefined) return;
    this.#flushing = copyOf(this.#live);
    if (!this.#flushesLater) this.completeFlush();
  }

  /** Whether a flush waits for `completeFlush`. */
  get isFlushing(): boolean {
    return this.#flushing !== undefined;
  }

  /** The flush under way has ended. */
  completeFlush(): void {
    if (this.#flushing !== undefined) this.#durable = this.#flushing;
    this.#flushing = undefined;
  }

  /** The tree as of the last flush, as a store of its own. */
  flushedCopy(): MemoryTreeStore {
    const copy = new MemoryTreeStore();
    copy.#durable = copyOf(this.#durable);
    copy.crash();
    return copy;
  }

  /** Loses everything since the last flush. */
  crash(): void {
    this.#flushing = undefined;
    const found = copyOf(this.#durable);
    Object.assign(this.state, found.state);
    this.#live = { ...found, state: this.state };
  }
}

function emptyState(): TreeState {
  return { appliedZxid: 0 as Zxid, znodeCount: 0, dataSizeBytes: 0 };
}

function emptyContents(): Contents {
  return {
    state: emptyState(),
    records: new Map(),
    children: new Map(),
    sessions: new Map(),
    owned: new Map(),
  };
}

function copyOf(contents: Contents): Contents {
  return {
    state: { ...contents.state },
    records: new Map([...contents.records].map(([path, record]) => [path, new Uint8Array(record)])),
    children: new Map([...contents.children].map(([path, names]) => [path, new Set(names)])),
    sessions: new Map(contents.sessions),
    owned: new Map(contents.owned),
  };
}
