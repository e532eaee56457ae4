import { formatZxid, type Zxid } from '@corral/primitives';
import { EventType } from '@corral/model';
import { BrokenPromiseError } from './broken-promise.js';
import type { Moment, ReferenceTree } from './reference-tree.js';

/** What a watch waits for: other data or the znode's end; the znode's coming; other children or its end. */
export type WatchKind = 'data' | 'exist' | 'child';

const KINDS: readonly WatchKind[] = ['data', 'exist', 'child'];

/** Which kinds of watch an event ends. */
const ENDS: Readonly<Record<number, readonly WatchKind[]>> = {
  [EventType.nodeCreated]: ['exist'],
  [EventType.nodeDataChanged]: ['data'],
  [EventType.nodeChildrenChanged]: ['child'],
  [EventType.nodeDeleted]: ['data', 'child'],
};

/**
 * The watches of one client. A watch is set in a state; from then on no answer may show a state behind a change that it waits for unless its event has
 * come before. So no event is lost, and none comes after the new data. What comes must be true, too.
 */
export class WatchesChecker {
  readonly #client: string;
  readonly #tree: ReferenceTree;
  readonly #watches: Readonly<Record<WatchKind, Map<string, Zxid>>> = {
    data: new Map(),
    exist: new Map(),
    child: new Map(),
  };
  /** The client has come back and has asked for its watches; they are compared with states, not with what happened. */
  #isResetting = false;
  events = 0;

  constructor(client: string, tree: ReferenceTree) {
    this.#client = client;
    this.#tree = tree;
  }

  /** A watch was set in this state. */
  set(kind: WatchKind, path: string, zxid: Zxid): void {
    this.#watches[kind].set(path, zxid);
  }

  paths(kind: WatchKind): string[] {
    return [...this.#watches[kind].keys()];
  }

  get count(): number {
    return KINDS.reduce((sum, kind) => sum + this.#watches[kind].size, 0);
  }

  /** The session is over: nobody waits any more. */
  clear(): void {
    for (const kind of KINDS) this.#watches[kind].clear();
  }

  /** Between the request for old watches and its answer. */
  resetting(isResetting: boolean): void {
    this.#isResetting = isResetting;
  }

  /** An event has come. @throws BrokenPromiseError when nobody waits for it, or it is not true. */
  event(type: number, path: string): void {
    this.events += 1;
    const ended = (ENDS[type] ?? []).filter((kind) => this.#watches[kind].has(path));
    // A comparison tells the end of a znode to each kind of watch, as in ZooKeeper; otherwise one event is for both.
    const kinds = this.#isResetting ? ended.slice(0, 1) : ended;
    if (kinds.length === 0) this.#broken(path, `event ${String(type)} comes, for which nobody waits`);
    for (const kind of kinds) {
      const since = this.#watches[kind].get(path)!;
      const first = this.#changes(kind, path, since).at(0);
      // In a comparison only the last state counts: a znode that went and came again is a znode that has changed.
      const isTrue = this.#isResetting ? first !== undefined : first !== undefined && first.type === type;
      if (!isTrue)
        this.#broken(path, `event ${String(type)} comes, and nothing like it happened since ${formatZxid(since)}`);
      this.#watches[kind].delete(path);
    }
  }

  /** An answer shows this state. @throws BrokenPromiseError when an event should have come before. */
  shows(zxid: Zxid): void {
    for (const kind of KINDS) {
      for (const [path, since] of this.#watches[kind]) {
        const first = this.#changes(kind, path, since).at(0);
        if (first === undefined || first.zxid > zxid) continue;
        const when = `${formatZxid(first.zxid)} changed it, and ${formatZxid(zxid)} is shown`;
        this.#broken(path, `the ${kind} watch of ${formatZxid(since)} is not told: ${when}`);
      }
    }
  }

  /** All watches are set again, as of this state; what had happened was told before. */
  reset(zxid: Zxid): void {
    this.#isResetting = false;
    // A znode that came and went meanwhile is no news: nobody could tell.
    for (const path of this.#watches.exist.keys()) {
      if (this.#tree.at(path, zxid) !== undefined)
        this.#broken(path, `the exist watch is not told at ${formatZxid(zxid)}`);
      this.#watches.exist.set(path, zxid);
    }
    this.shows(zxid);
    for (const kind of KINDS) for (const path of this.#watches[kind].keys()) this.#watches[kind].set(path, zxid);
  }

  /** What a watch of this kind hears of, after a state. */
  #changes(kind: WatchKind, path: string, since: Zxid): { zxid: Zxid; type: number }[] {
    const moments = this.#tree.momentsOf(path);
    const changes: { zxid: Zxid; type: number }[] = [];
    moments.forEach((moment, place) => {
      const type = moment.zxid > since ? eventOf(kind, moments[place - 1], moment) : undefined;
      if (type !== undefined) changes.push({ zxid: moment.zxid, type });
    });
    return changes;
  }

  #broken(path: string, why: string): never {
    throw new BrokenPromiseError('Watch', `${this.#client} watches ${path}: ${why}`);
  }
}

/** What a change is to a watch of this kind. */
function eventOf(kind: WatchKind, before: Moment | undefined, { znode }: Moment): number | undefined {
  const old = before?.znode;
  if (kind === 'exist') return old === undefined && znode !== undefined ? EventType.nodeCreated : undefined;
  if (znode === undefined) return old === undefined ? undefined : EventType.nodeDeleted;
  if (old === undefined) return kind === 'data' ? EventType.nodeDataChanged : EventType.nodeChildrenChanged;
  if (kind === 'data') return old.mzxid === znode.mzxid ? undefined : EventType.nodeDataChanged;
  return old.pzxid === znode.pzxid ? undefined : EventType.nodeChildrenChanged;
}
