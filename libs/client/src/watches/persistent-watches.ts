import { parentPath } from '@corral/model';
import type { WatchEvent } from './watch-event.js';

/** Who follows a persistent watch. */
export interface PersistentListener {
  /** Something happened at the path, or, when the watch is recursive, below it. */
  readonly onEvent: (event: WatchEvent) => void;
  /** The watch stands, after a time in which it may not have. */
  readonly onArmed: () => void;
  /** The server does not know persistent watches; nothing more will come. */
  readonly onFailed: (error: Error) => void;
  /** From now on, or no longer, the server has a recursive watch in the place of this one, which is not recursive. */
  readonly onCovered: (isCovered: boolean) => void;
}

type Listeners = Map<string, Set<PersistentListener>>;

/**
 * The persistent watches of a client, plain and recursive, by whole path. Before 3.9, Apache keeps one of the two for each path and
 * connection, the later one; so where both are wanted, the server has the recursive one, which tells all that the plain one does, except of
 * children that the client may not read.
 */
export class PersistentWatches {
  readonly #plain: Listeners = new Map();
  readonly #recursive: Listeners = new Map();

  /** How many listeners there are. */
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The listener is a new one. */
  add(path: string, recursive: boolean, listener: PersistentListener): void {
    const table = this.#tableOf(recursive);
    const listeners = table.get(path);
    this.#size += 1;
    if (listeners === undefined) table.set(path, new Set([listener]));
    else listeners.add(listener);
    if (recursive && listeners === undefined) for (const { onCovered } of this.of(path, false)) onCovered(true);
    if (!recursive && this.#recursive.has(path)) listener.onCovered(true);
  }

  /** Says whether the server has to be told: nobody follows this watch any more. */
  remove(path: string, recursive: boolean, listener: PersistentListener): boolean {
    const table = this.#tableOf(recursive);
    const listeners = table.get(path);
    if (listeners?.delete(listener) !== true) return false;
    this.#size -= 1;
    if (listeners.size > 0) return false;
    table.delete(path);
    if (recursive) for (const { onCovered } of this.of(path, false)) onCovered(false);
    return true;
  }

  /** Tells everybody whom the event concerns, once. A recursive watch hears nothing of lists of children: it hears of the children. */
  deliver(event: WatchEvent, visit: (listener: PersistentListener) => void): void {
    for (const listener of this.#plain.get(event.path) ?? []) visit(listener);
    if (this.#recursive.size === 0 || event.type === 'children') return;
    for (let path = event.path; path !== ''; path = parentPath(path)) {
      for (const listener of this.#recursive.get(path) ?? []) visit(listener);
    }
  }

  /** Whether anybody follows this watch. */
  has(path: string, recursive: boolean): boolean {
    return this.#tableOf(recursive).has(path);
  }

  all(): readonly PersistentListener[] {
    return [...this.#plain.values(), ...this.#recursive.values()].flatMap((listeners) => [...listeners]);
  }

  /** Those who follow this watch. */
  of(path: string, recursive: boolean): readonly PersistentListener[] {
    return [...(this.#tableOf(recursive).get(path) ?? [])];
  }

  /** The paths where the server has to have a watch that is not recursive. */
  *pathsOfPlain(): Iterable<string> {
    for (const path of this.#plain.keys()) if (!this.#recursive.has(path)) yield path;
  }

  /** The paths where the server has to have a recursive watch. */
  pathsOfRecursive(): Iterable<string> {
    return this.#recursive.keys();
  }

  /** Forgets everybody, and answers with who that was. */
  clear(): readonly PersistentListener[] {
    const all = this.all();
    this.#size = 0;
    this.#plain.clear();
    this.#recursive.clear();
    return all;
  }

  #tableOf(recursive: boolean): Listeners {
    return recursive ? this.#recursive : this.#plain;
  }
}
