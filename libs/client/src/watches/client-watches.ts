import { parentPath, ROOT_PATH, type SetWatchesRequest } from '@corral/model';
import type { Logger, Zxid } from '@corral/primitives';
import type { WatcherEvent } from '@corral/wire';
import { TooManyWatchesError } from '../errors/connection-errors.js';
import { UnimplementedError } from '../errors/server-errors.js';
import { PersistentWatches } from './persistent-watches.js';
import { rearmRequests } from './rearm.js';
import { type WatchEvent, watchEventName } from './watch-event.js';
import { type Arming, WatchTable } from './watch-table.js';

/** All watches of a client: tells events to those whom they concern, under the paths that they know. */
export class ClientWatches {
  readonly oneShot = new WatchTable();
  readonly persistent = new PersistentWatches();
  readonly #chroot: string;
  readonly #logger: Logger;
  /** The path whose children were told to have changed by the event before, because one of them came or went. */
  #toldOfChildren: string | undefined;

  readonly #watchesMax: number;

  constructor(chroot: string, watchesMax: number, logger: Logger) {
    this.#chroot = chroot;
    this.#watchesMax = watchesMax;
    this.#logger = logger;
  }

  /**
   * Why no more watches are set; nothing while they are. Those that are on their way to the server are not counted: there are no more
   * of them than of outstanding requests.
   */
  refusal(path: string): TooManyWatchesError | undefined {
    if (this.oneShot.size + this.persistent.size < this.#watchesMax) return undefined;
    return new TooManyWatchesError(path, this.#watchesMax);
  }

  /**
   * An event has come from the server. That a child came or went also tells those who watch the list of its parent's children: where the
   * parent has both kinds of persistent watch, the server has the recursive one alone, and says no more. Where the server does say it, it
   * does so next, and is told once.
   */
  take(wireEvent: WatcherEvent, zxid: number): void {
    const type = watchEventName(wireEvent.type);
    const fullPath = wireEvent.path;
    if (type === undefined || fullPath === null) return;
    const wasTold = type === 'children' && fullPath === this.#toldOfChildren;
    this.#toldOfChildren = undefined;
    if (wasTold) return;
    this.#deliver(type, fullPath, zxid);
    if ((type === 'created' || type === 'deleted') && fullPath !== ROOT_PATH) {
      const parent = parentPath(fullPath);
      if (this.#deliver('children', parent, zxid)) this.#toldOfChildren = parent;
    }
  }

  /** The server has sent something else than an event: what is told next is another change. */
  replied(): void {
    this.#toldOfChildren = undefined;
  }

  /** Tells everybody whom it concerns. Says whether there was anybody. */
  #deliver(type: WatchEvent['type'], fullPath: string, zxid: number): boolean {
    const event = this.#event(type, this.#outside(fullPath), zxid);
    const watchers = this.oneShot.take(type, fullPath);
    let isHeard = watchers.size > 0;
    for (const watcher of watchers) this.#tell(watcher, event);
    this.persistent.deliver({ ...event, path: fullPath }, ({ onEvent }) => {
      isHeard = true;
      this.#tell(onEvent, event);
    });
    return isHeard;
  }

  #event(type: WatchEvent['type'], path: string, zxid: number): WatchEvent {
    return zxid > 0 ? { type, path, zxid: zxid as Zxid } : { type, path };
  }

  /** A watcher is the caller's code: what it throws must not harm the connection. */
  #tell(watcher: (event: WatchEvent) => void, event: WatchEvent): void {
    try {
      watcher(event);
    } catch (error) {
      this.#logger('error', 'a watcher has thrown', { path: event.path, event: event.type, cause: String(error) });
    }
  }

  #outside(fullPath: string): string {
    if (this.#chroot === '') return fullPath;
    const path = fullPath.slice(this.#chroot.length);
    return path === '' ? '/' : path;
  }

  /**
   * Whether a read has to set its watch on the server. Where a persistent one tells the same, it must not: before 3.9 the one-shot
   * watch would take the place of the persistent one.
   */
  needsWatch({ kind, path }: Arming): boolean {
    if (this.persistent.has(path, true)) return kind === 'children';
    return !this.persistent.has(path, false);
  }

  /** What sets the watch on a list of children again, whose place a recursive watch on the same path takes before 3.9. */
  rearmBeside(recursivePaths: Iterable<string>, relativeZxid: Zxid): SetWatchesRequest[] {
    const children = [...recursivePaths].filter((path) => this.oneShot.has('children', path));
    return rearmRequests({ data: [], exists: [], children, persistent: [], recursive: [] }, relativeZxid);
  }

  /** What sets all of them on a new connection. */
  rearm(relativeZxid: Zxid, withPersistent: boolean): SetWatchesRequest[] {
    const all = rearmRequests(
      {
        data: this.oneShot.paths('data'),
        exists: this.oneShot.paths('exists'),
        children: this.oneShot.paths('children'),
        persistent: withPersistent ? this.persistent.pathsOfPlain() : [],
        recursive: withPersistent ? this.persistent.pathsOfRecursive() : [],
      },
      relativeZxid,
    );
    return withPersistent ? [...all, ...this.rearmBeside(this.persistent.pathsOfRecursive(), relativeZxid)] : all;
  }

  /** A connection has all watches that it can have. The followers of persistent ones learn so, or that there are none to be had. */
  rearmed(withPersistent: boolean): void {
    if (withPersistent) {
      for (const { onArmed } of this.persistent.all()) onArmed();
    } else {
      for (const { onFailed } of this.persistent.clear()) onFailed(new UnimplementedError('addWatch', undefined));
    }
  }

  /** What sets the one-shot watches of one path again. */
  rearmPath(fullPath: string, relativeZxid: Zxid): SetWatchesRequest[] {
    const only = (has: boolean): string[] => (has ? [fullPath] : []);
    const watched = {
      data: only(this.oneShot.has('data', fullPath)),
      exists: only(this.oneShot.has('exists', fullPath)),
      children: only(this.oneShot.has('children', fullPath)),
      persistent: [],
      recursive: [],
    };
    return rearmRequests(watched, relativeZxid);
  }
}
