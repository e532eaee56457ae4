import {
  type CallOptions,
  type Client,
  ClientClosedError,
  ConnectionLossError,
  InvalidOptionError,
  isConnected,
  SessionExpiredError,
  UnimplementedError,
  type Watcher,
  type Znode,
} from '@corral/client';
import { childPath, isSameOrBelow } from '@corral/model';
import { type Logger, type Zxid, ZXID_ZERO } from '@corral/primitives';
import { CachedTree, type TreeChange } from './cached-tree.js';
import { ReadQueue } from './read-queue.js';
import { whenReady } from './when-ready.js';

export interface TreeCacheOptions {
  /** How far below the root znodes are kept: 0 keeps the root alone, 1 its children too; everything by default. */
  readonly maxDepth?: number;
  /** Where trouble with single znodes and with listeners is told; nowhere by default. */
  readonly logger?: Logger;
}

/** `filling`: the first reading is not done yet. `current`: what is kept is what the server has told. `stale`: it may be old. */
export type TreeCacheState = 'filling' | 'current' | 'stale' | 'closed';

/**
 * A copy of a subtree, kept current by one recursive watch; by one-shot watches on every znode, from servers before 3.6. While no server
 * is to be reached it keeps what it knows, and says that it is stale; afterwards it reads everything anew and tells what has changed.
 *
 * Of a znode's stat, what counts its children is as old as the last reading of its data; `children` is always current.
 */
export class TreeCache {
  readonly root: string;
  readonly #client: Client;
  readonly #maxDepth: number;
  readonly #logger: Logger;
  readonly #tree = new CachedTree();
  readonly #listeners = new Set<(change: TreeChange) => void>();
  readonly #stateListeners = new Set<(state: TreeCacheState) => void>();
  readonly #end = new AbortController();
  readonly #stopListening: () => void;
  #state: TreeCacheState = 'filling';
  #revision: Zxid = ZXID_ZERO;
  #failure: Error | undefined;
  #reads = this.#newReads();
  /** Whether every znode is watched by itself. */
  #isOneShot = false;
  /** Paths whose lists of children have to be read too. Where the recursive watch tells of every child, that is when all is read anew. */
  readonly #deep = new Set<string>();

  /** Begins to fill at once. The root need not exist. @throws InvalidPathError, InvalidOptionError */
  constructor(client: Client, root: string, options: TreeCacheOptions = {}) {
    const events = client.watchEvents(root, { recursive: true, signal: this.#end.signal });
    this.#client = client;
    this.root = root;
    this.#maxDepth = options.maxDepth ?? Infinity;
    if (!(this.#maxDepth >= 0)) {
      throw new InvalidOptionError('maxDepth', `must be a number from 0, not ${String(options.maxDepth)}`);
    }
    this.#logger = options.logger ?? (() => undefined);
    this.#stopListening = client.onState((state) => {
      if (state === 'closed') this.#close(new ClientClosedError('TreeCache'));
      else if (!isConnected(state) && this.#state === 'current') this.#become('stale');
      // With one-shot watches the client sets them anew; what they tell is read, and what they do not tell has not changed.
      else if (isConnected(state) && this.#isOneShot && this.#reads.isIdle) this.#become('current');
    });
    void this.#follow(events);
  }

  get state(): TreeCacheState {
    return this.#state;
  }

  /** Whether what is kept may be older than what the server has. */
  get isStale(): boolean {
    return this.#state !== 'current';
  }

  /** The newest transaction that any of the znodes read so far has shown. */
  get revision(): Zxid {
    return this.#revision;
  }

  /** How many znodes are kept. */
  get size(): number {
    return this.#tree.size;
  }

  /** Resolves when the tree was read for the first time. @throws the signal's reason, or why the cache was closed */
  ready(call?: CallOptions): Promise<void> {
    return whenReady(this, call?.signal);
  }

  /** Why the cache was closed, when it was not by its owner. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** A znode as it was last read; nothing when there is none, or none is kept. */
  get(path: string): Znode | undefined {
    return this.#tree.get(path);
  }

  /** The names of the children that are kept, sorted. */
  children(path: string): string[] {
    return [...this.#tree.names(path)].sort();
  }

  /** The paths of all znodes that are kept, in no order. */
  paths(): Iterable<string> {
    return this.#tree.paths();
  }

  /** Calls the listener for every change from now on, the first filling included; the function that comes back removes it. */
  onChange(listener: (change: TreeChange) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Calls the listener at every change of state; the function that comes back removes it. */
  onState(listener: (state: TreeCacheState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => {
      this.#stateListeners.delete(listener);
    };
  }

  /** Ends the watch. What is kept can still be read. */
  close(): void {
    this.#close(undefined);
  }

  #close(failure: Error | undefined): void {
    if (this.#state === 'closed') return;
    this.#failure = failure;
    this.#stopListening();
    this.#reads.stop();
    this.#end.abort();
    this.#become('closed');
  }

  #become(state: TreeCacheState): void {
    if (this.#state === state || this.#state === 'closed') return;
    this.#state = state;
    for (const listener of [...this.#stateListeners]) this.#tell(listener, state);
  }

  #tell<T>(listener: (news: T) => void, news: T): void {
    try {
      listener(news);
    } catch (error) {
      this.#logger('error', 'a listener of a tree cache has thrown', { root: this.root, cause: String(error) });
    }
  }

  async #follow(events: ReturnType<Client['watchEvents']>): Promise<void> {
    try {
      for await (const event of events) {
        if (event.type === 'resync') this.#refill();
        else this.#happened(event.type, event.path, event.zxid);
      }
    } catch (error) {
      if (error instanceof UnimplementedError) {
        this.#isOneShot = true;
        this.#refill();
      } else {
        this.#close(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  /** Reads everything, from the root down. Readings from before this tell nothing any more. */
  #refill(): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'current') this.#become('stale');
    this.#reads.stop();
    this.#reads = this.#newReads();
    this.#deep.clear();
    this.#readDeep(this.root);
  }

  #readDeep(path: string): void {
    if (this.#depthOf(path) < this.#maxDepth) this.#deep.add(path);
    this.#reads.ask(path);
  }

  #newReads(): ReadQueue {
    return new ReadQueue(
      (path) => this.#read(path),
      () => {
        if (isConnected(this.#client.state)) this.#become('current');
      },
      (error, path) => {
        this.#readFailed(error, path);
      },
    );
  }

  #happened(type: string, path: string, zxid: Zxid | undefined): void {
    if (!this.#isKept(path)) return;
    this.#saw(zxid);
    if (type === 'deleted') {
      this.#reads.outdate(path);
      this.#emit(this.#tree.remove(path));
    } else if (type === 'created' && this.#isOneShot) {
      // What is below it is told by its own list alone.
      this.#readDeep(path);
    } else {
      this.#reads.ask(path);
    }
  }

  #isKept(path: string): boolean {
    return isSameOrBelow(path, this.root) && this.#depthOf(path) <= this.#maxDepth;
  }

  #depthOf(path: string): number {
    if (path === this.root) return 0;
    const below = this.root === '/' ? path : path.slice(this.root.length);
    let depth = 0;
    for (let at = 0; at < below.length; at += 1) if (below.charCodeAt(at) === 0x2f) depth += 1;
    return depth;
  }

  /** Reads a znode, and its list of children where that is needed; what comes back puts both into the tree. */
  async #read(path: string): Promise<() => void> {
    const node = await this.#readData(path);
    if (node === undefined) {
      return () => {
        this.#deep.delete(path);
        this.#emit(this.#tree.remove(path));
      };
    }
    const list = this.#deep.has(path) ? await this.#readChildren(path, node) : undefined;
    return () => {
      this.#emit(this.#tree.put(path, node));
      this.#saw(node.stat.czxid, node.stat.mzxid, node.stat.pzxid);
      if (list !== undefined) this.#compareChildren(path, new Set(list));
    };
  }

  async #readData(path: string): Promise<Znode | undefined> {
    if (!this.#isOneShot) return this.#client.getOrUndefined(path);
    for (;;) {
      const found = await this.#client.existsWithWatch(path, this.#watcher);
      if (found === undefined) return undefined;
      // It may go between the two requests; then the watch has been used up, and the next round sets another.
      const node = await this.#client.getOrUndefined(path);
      if (node !== undefined) return node;
    }
  }

  async #readChildren(path: string, { stat }: Znode): Promise<readonly string[]> {
    if (this.#isOneShot) return (await this.#client.childrenWithWatch(path, this.#watcher)).children;
    return stat.numChildren === 0 ? [] : this.#client.children(path);
  }

  readonly #watcher: Watcher = ({ path, type, zxid }) => {
    this.#happened(type, path, zxid);
    // A znode of whose deletion we hear may come again; only its parent's list would tell, and the root has no parent here.
    if (type === 'deleted' && path === this.root) this.#reads.ask(path);
  };

  /** Children that are not in the list are gone; those that are have to be read. Those that are watched by themselves only once. */
  #compareChildren(path: string, list: ReadonlySet<string>): void {
    if (!this.#isOneShot) this.#deep.delete(path);
    for (const name of [...this.#tree.names(path)]) {
      if (!list.has(name)) this.#emit(this.#tree.remove(childPath(path, name)));
    }
    for (const name of list) {
      const child = childPath(path, name);
      if (!this.#isOneShot || this.#tree.get(child) === undefined) this.#readDeep(child);
    }
  }

  #readFailed(error: unknown, path: string): void {
    if (error instanceof ClientClosedError) return;
    if (error instanceof SessionExpiredError || error instanceof ConnectionLossError) {
      // The watch says `resync` when it stands again. One-shot watches say nothing, so the reading goes on by itself.
      if (this.#isOneShot) this.#reads.ask(path);
      return;
    }
    this.#logger('warn', 'a znode cannot be read, and is left out', { path, cause: String(error) });
    this.#emit(this.#tree.remove(path));
  }

  #emit(changes: readonly TreeChange[]): void {
    for (const change of changes) for (const listener of [...this.#listeners]) this.#tell(listener, change);
  }

  #saw(...zxids: readonly (Zxid | undefined)[]): void {
    for (const zxid of zxids) if (zxid !== undefined && zxid > this.#revision) this.#revision = zxid;
  }
}
