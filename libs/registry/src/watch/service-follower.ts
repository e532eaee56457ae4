import { type Client, type Timers, UnimplementedError, type Znode } from '@corral/client';
import { nodeName } from '@corral/model';
import { formatZxid, type Logger } from '@corral/primitives';
import { TreeCache, type TreeChange } from '@corral/recipes';
import { RegistryClosedError } from '../errors.js';
import type { GuardOptions } from '../guard/guard-options.js';
import { decodeInstance } from '../instance/curator-json.js';
import type { ServiceInstance } from '../instance/instance.js';
import type { Layout } from '../layout.js';
import type { CallOptions } from '../types.js';
import type { Change } from './history.js';
import { decodeGuardNote, decodeHealthNote } from './notes.js';
import { ServiceState } from './service-state.js';
import type { BadInstance, Revision } from './service-update.js';

/** What a follower works with. */
export interface FollowerParts {
  readonly client: Client;
  readonly layout: Layout;
  readonly guard: GuardOptions | undefined;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly onBadInstance: (bad: BadInstance) => void;
}

/** Keeps the state of one service current: a copy of its instances, one of the platforms' notes, and an ear for departures. */
export class ServiceFollower {
  readonly service: string;
  readonly #parts: FollowerParts;
  readonly #instances: TreeCache;
  readonly #notes: TreeCache;
  readonly #state: ServiceState;
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #end = new AbortController();
  #isReady = false;
  #isStale = false;
  #flushIsDue = false;
  #guardTimer: unknown;

  constructor(service: string, parts: FollowerParts) {
    this.service = service;
    this.#parts = parts;
    this.#state = new ServiceState(parts.guard);
    const { client, layout, logger } = parts;
    this.#instances = new TreeCache(client, layout.service(service), { maxDepth: 1, logger });
    this.#notes = new TreeCache(client, layout.notes(service), { maxDepth: 2, logger });
    this.#instances.onChange((change) => {
      this.#instanceChanged(change);
    });
    this.#notes.onChange((change) => {
      this.#noteChanged(change);
    });
    for (const cache of [this.#instances, this.#notes]) cache.onState(() => this.#flushLater());
    void this.#hearDepartures();
  }

  get instances(): ReadonlyMap<string, ServiceInstance> {
    return this.#state.instances;
  }

  /** See `ServiceView`. */
  get orphanedHealth(): readonly string[] {
    return this.#state.orphanedHealth;
  }

  get guardNotes(): readonly string[] {
    return this.#notes.children(`${this.#notes.root}/guard`);
  }

  isRegistered(id: string): boolean {
    return this.#state.isRegistered(id);
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  get isStale(): boolean {
    return this.#isStale;
  }

  get isGuarded(): boolean {
    return this.#state.isGuarded;
  }

  get revision(): Revision {
    const zxid = this.#instances.revision > this.#notes.revision ? this.#instances.revision : this.#notes.revision;
    return `${formatZxid(zxid)}-${this.#state.digest}`;
  }

  /** What changed since the revision; `undefined` when that is not known. */
  since(revision: Revision): Change | undefined {
    return this.#state.since(revision.slice(revision.lastIndexOf('-') + 1));
  }

  /** Resolves when the first state is complete. */
  async ready(call?: CallOptions): Promise<void> {
    try {
      await Promise.all([this.#instances.ready(call), this.#notes.ready(call)]);
    } catch (error) {
      throw this.#end.signal.aborted ? new RegistryClosedError(`the view of ${this.service}`) : error;
    }
    this.#flush();
  }

  /** Calls the listener after every change, and when the state becomes stale or current again (then the change is empty). */
  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  close(): void {
    this.#end.abort();
    this.#parts.timers.clearTimeout(this.#guardTimer);
    this.#instances.close();
    this.#notes.close();
    this.#listeners.clear();
  }

  #instanceChanged(change: TreeChange): void {
    if (change.path === this.#instances.root) return;
    const id = nodeName(change.path);
    if (change.type === 'removed') this.#state.unregistered(id, this.#parts.timers.nowMs());
    else this.#readInstance(id, change.node);
    this.#flushLater();
  }

  /** One bad znode is reported and left out; it is no reason to be silent about the others. */
  #readInstance(id: string, { data }: Znode): void {
    try {
      this.#state.registered(decodeInstance(this.service, id, data));
    } catch (error) {
      this.#state.unregistered(id, this.#parts.timers.nowMs());
      this.#state.departed(id);
      const fault = error instanceof Error ? error : new Error(String(error));
      this.#tell(this.#parts.onBadInstance, { service: this.service, id, error: fault });
    }
  }

  #noteChanged(change: TreeChange): void {
    const [kind, id] = change.path.slice(this.#notes.root.length + 1).split('/');
    if (id === undefined) return;
    const data = change.type === 'removed' ? undefined : change.node.data;
    if (kind === 'health') {
      this.#state.health(id, data === undefined ? undefined : decodeHealthNote(data).health);
    } else if (kind === 'guard' && data === undefined) {
      this.#state.guardNoteRemoved(id);
    } else if (kind === 'guard' && data !== undefined) {
      const note = decodeGuardNote(this.service, id, data);
      if (note !== undefined) this.#state.guardNote(id, note, this.#parts.timers.nowMs());
    }
    this.#flushLater();
  }

  /**
   * The event alone says that an instance left because it wanted to; the znode may be gone when it would be read. Servers before 3.6 do not
   * tell, and then many that leave at once are kept by the guard for a while.
   */
  async #hearDepartures(): Promise<void> {
    const { client, layout, logger } = this.#parts;
    const path = layout.departures(this.service);
    try {
      for await (const event of client.watchEvents(path, { recursive: true, signal: this.#end.signal })) {
        if (event.type !== 'created' || event.path === path) continue;
        this.#state.departed(nodeName(event.path));
        this.#flushLater();
      }
    } catch (error) {
      if (this.#end.signal.aborted || error instanceof UnimplementedError) return;
      logger('warn', 'departures of a service are not heard any more', { service: this.service, cause: String(error) });
    }
  }

  /** What arrived together is told together: the loss of many is seen as one. */
  #flushLater(): void {
    if (this.#flushIsDue) return;
    this.#flushIsDue = true;
    this.#parts.timers.defer(() => {
      this.#flushIsDue = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#end.signal.aborted) return;
    const states = [this.#instances.state, this.#notes.state];
    if (states.includes('filling')) return;
    if (!this.#isReady) this.#state.begin();
    const change = this.#state.settle();
    const isStale = this.#instances.isStale || this.#notes.isStale;
    const isNews = change !== undefined || isStale !== this.#isStale;
    this.#isStale = isStale;
    this.#setGuardTimer();
    if (this.#isReady && isNews) {
      for (const listener of [...this.#listeners]) {
        this.#tell(listener, change ?? { added: [], updated: [], removed: [] });
      }
    }
    this.#isReady = true;
  }

  /** A listener is the caller's code: what it throws must not keep the news from others. */
  #tell<T>(listener: (news: T) => void, news: T): void {
    try {
      listener(news);
    } catch (error) {
      this.#parts.logger('error', 'a listener of a service has thrown', {
        service: this.service,
        cause: String(error),
      });
    }
  }

  #setGuardTimer(): void {
    const { timers } = this.#parts;
    timers.clearTimeout(this.#guardTimer);
    const atMs = this.#state.expiresAtMs;
    if (atMs === undefined) return;
    this.#guardTimer = timers.setTimeout(() => {
      this.#state.expire(timers.nowMs());
      this.#flush();
    }, atMs - timers.nowMs());
  }
}
