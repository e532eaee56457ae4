import type { WatchEvent, Watcher } from './watch-event.js';

/** What a one-shot watch stands on: a znode's data, its coming to be, or its list of children. */
export type WatchKind = 'data' | 'exists' | 'children';

/** The watch that the answer to a read sets. */
export interface Arming {
  /** What the read asked about. `exists` becomes a data watch when the znode is there. */
  readonly kind: WatchKind;
  /** The whole path, chroot included. */
  readonly path: string;
  readonly watcher: Watcher;
  /** Told of the read when it waits for its turn. */
  readonly onEntered?: ((read: Abandonable) => void) | undefined;
}

/** Something that its caller may give up; it is no fault to do so when it is done. */
export interface Abandonable {
  abandon(reason: Error): void;
}

type Watchers = Map<string, Set<Watcher>>;

/** The kinds of one-shot watches that an event uses up (what ZooKeeper's clients do with it). */
const USED_UP: Readonly<Record<WatchEvent['type'], readonly WatchKind[]>> = {
  created: ['data', 'exists'],
  changed: ['data', 'exists'],
  deleted: ['data', 'exists', 'children'],
  children: ['children'],
};

/**
 * The one-shot watches of a client, by whole path. The server keeps one of each kind and path for the connection; here are those who
 * want to know.
 */
export class WatchTable {
  readonly #watchers: Readonly<Record<WatchKind, Watchers>> = {
    data: new Map(),
    exists: new Map(),
    children: new Map(),
  };

  /** How many watchers there are, each counted for each path and kind. */
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The server has set the watch. */
  add(kind: WatchKind, path: string, watcher: Watcher): void {
    const watchers = this.#watchers[kind].get(path);
    if (watchers?.has(watcher) === true) return;
    this.#size += 1;
    if (watchers === undefined) this.#watchers[kind].set(path, new Set([watcher]));
    else watchers.add(watcher);
  }

  /** Nobody shall call this watcher any more. */
  remove(path: string, watcher: Watcher): void {
    for (const table of Object.values(this.#watchers)) {
      const watchers = table.get(path);
      if (watchers?.delete(watcher) !== true) continue;
      this.#size -= 1;
      if (watchers.size === 0) table.delete(path);
    }
  }

  /** Takes out those whom the event concerns. */
  take(type: WatchEvent['type'], path: string): ReadonlySet<Watcher> {
    const taken = new Set<Watcher>();
    for (const kind of USED_UP[type]) {
      const watchers = this.#watchers[kind].get(path);
      if (watchers === undefined) continue;
      this.#watchers[kind].delete(path);
      this.#size -= watchers.size;
      for (const watcher of watchers) taken.add(watcher);
    }
    return taken;
  }

  /** The paths that are watched. */
  paths(kind: WatchKind): Iterable<string> {
    return this.#watchers[kind].keys();
  }

  has(kind: WatchKind, path: string): boolean {
    return this.#watchers[kind].has(path);
  }
}
