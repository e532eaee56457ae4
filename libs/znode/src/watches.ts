import { type Acl, EventType, parentPath } from '@corral/model';

/** How a watch was set; several may stand on one path for one watcher, as bits. */
export const WatchMode = { oneShot: 1, persistent: 2, recursive: 4 } as const;

/** What happened, and the ACL of the znode that it is about: who may not read that is not to be told. */
export interface WatchedChange {
  readonly type: EventType;
  readonly path: string;
  readonly acl: readonly Acl[];
}

/** Told of a change once, even when several of its watches match. */
export type Deliver<W> = (watcher: W, change: WatchedChange) => void;

/** What one watcher watches. It stays when it is empty: who watches once mostly watches again. */
interface WatchedPaths {
  readonly paths: Set<string>;
  /** A measure of the memory that it takes. */
  sizeBytes: number;
}

/** What a watch costs beside its path. Rounded up. */
const WATCH_OVERHEAD_BYTES = 200;

const costOf = (path: string): number => path.length + WATCH_OVERHEAD_BYTES;

/**
 * One table of watches: paths and who watches them. A tree has two, for data and for children.
 * A one-shot watch goes when it fires; a persistent one stays; a recursive one stays and hears of all that happens below.
 */
export class WatchTable<W extends object> {
  readonly #byPath = new Map<string, Map<W, number>>();
  readonly #byWatcher = new Map<W, WatchedPaths>();
  #recursiveCount = 0;
  #count = 0;
  /** Watchers that watch anything. */
  #watcherCount = 0;

  /** Pairs of path and watcher. */
  get count(): number {
    return this.#count;
  }

  get pathCount(): number {
    return this.#byPath.size;
  }

  get watcherCount(): number {
    return this.#watcherCount;
  }

  add(path: string, watcher: W, mode: number): void {
    let watchers = this.#byPath.get(path);
    if (watchers === undefined) {
      watchers = new Map();
      this.#byPath.set(path, watchers);
    }
    const modes = watchers.get(watcher);
    if (modes === undefined) {
      const watched = this.#watchedBy(watcher);
      if (watched.paths.size === 0) this.#watcherCount += 1;
      watched.paths.add(path);
      watched.sizeBytes += costOf(path);
      this.#count += 1;
    }
    const combined = (modes ?? 0) | mode;
    if ((combined & WatchMode.recursive) !== 0 && ((modes ?? 0) & WatchMode.recursive) === 0) this.#recursiveCount += 1;
    watchers.set(watcher, combined);
  }

  #watchedBy(watcher: W): WatchedPaths {
    let watched = this.#byWatcher.get(watcher);
    if (watched === undefined) {
      watched = { paths: new Set(), sizeBytes: 0 };
      this.#byWatcher.set(watcher, watched);
    }
    return watched;
  }

  /** About how much memory a watcher's watches take, for a bound on it. */
  sizeBytesOf(watcher: W): number {
    return this.#byWatcher.get(watcher)?.sizeBytes ?? 0;
  }

  /** Whether this watcher watches exactly this path. */
  has(path: string, watcher: W): boolean {
    return this.#byPath.get(path)?.has(watcher) ?? false;
  }

  /** The modes (bits) in which the watcher watches exactly this path; 0 for none. */
  modesOf(path: string, watcher: W): number {
    return this.#byPath.get(path)?.get(watcher) ?? 0;
  }

  /** Takes the given modes away; says whether any was there. */
  remove(path: string, watcher: W, modes: number): boolean {
    const watchers = this.#byPath.get(path);
    const held = watchers?.get(watcher);
    if (watchers === undefined || held === undefined || (held & modes) === 0) return false;
    this.#setModes(path, watchers, watcher, held & ~modes);
    return true;
  }

  #setModes(path: string, watchers: Map<W, number>, watcher: W, modes: number): void {
    const held = watchers.get(watcher) ?? 0;
    if ((held & WatchMode.recursive) !== 0 && (modes & WatchMode.recursive) === 0) this.#recursiveCount -= 1;
    if (modes !== 0) {
      watchers.set(watcher, modes);
      return;
    }
    watchers.delete(watcher);
    this.#count -= 1;
    if (watchers.size === 0) this.#byPath.delete(path);
    const watched = this.#byWatcher.get(watcher);
    if (watched?.paths.delete(path) !== true) return;
    watched.sizeBytes -= costOf(path);
    if (watched.paths.size === 0) this.#watcherCount -= 1;
  }

  /** Forgets all that a watcher watches: its connection is gone. */
  removeWatcher(watcher: W): void {
    const watched = this.#byWatcher.get(watcher);
    if (watched === undefined) return;
    for (const path of watched.paths) {
      const watchers = this.#byPath.get(path);
      if (watchers !== undefined) this.#setModes(path, watchers, watcher, 0);
    }
    this.#byWatcher.delete(watcher);
  }

  /**
   * Tells all who watch the change's path (and, recursively, a path above it), save those in `except`.
   * @returns who was told, for a second table that must not tell them again.
   */
  trigger(change: WatchedChange, deliver: Deliver<W>, except?: ReadonlySet<W>): ReadonlySet<W> | undefined {
    if (this.#recursiveCount > 0) return this.#triggerUpwards(change, deliver, except);
    const { path } = change;
    const watchers = this.#byPath.get(path);
    if (watchers === undefined) return undefined;
    const told = new Set<W>();
    for (const [watcher, modes] of watchers) {
      this.#consume(path, watchers, watcher, modes);
      told.add(watcher);
      if (except?.has(watcher) !== true) deliver(watcher, change);
    }
    return told;
  }

  #consume(path: string, watchers: Map<W, number>, watcher: W, modes: number): void {
    if ((modes & WatchMode.oneShot) !== 0) this.#setModes(path, watchers, watcher, modes & ~WatchMode.oneShot);
  }

  #triggerUpwards(change: WatchedChange, deliver: Deliver<W>, except?: ReadonlySet<W>): ReadonlySet<W> {
    const { path, type } = change;
    const told = new Set<W>();
    for (let at = path; at !== ''; at = parentPath(at)) {
      const watchers = this.#byPath.get(at);
      if (watchers === undefined) continue;
      for (const [watcher, modes] of watchers) {
        const here = at === path && (modes & (WatchMode.oneShot | WatchMode.persistent)) !== 0;
        const below = (modes & WatchMode.recursive) !== 0 && type !== EventType.nodeChildrenChanged;
        if (!here && !below) continue;
        if (at === path) this.#consume(at, watchers, watcher, modes);
        told.add(watcher);
      }
    }
    for (const watcher of told) if (except?.has(watcher) !== true) deliver(watcher, change);
    return told;
  }

  /** For people: every path and its watchers. */
  *paths(): IterableIterator<readonly [string, Iterable<W>]> {
    for (const [path, watchers] of this.#byPath) yield [path, watchers.keys()];
  }

  /** For people: every watcher and its paths. */
  *watchers(): IterableIterator<readonly [W, ReadonlySet<string>]> {
    for (const [watcher, { paths }] of this.#byWatcher) if (paths.size > 0) yield [watcher, paths];
  }
}
