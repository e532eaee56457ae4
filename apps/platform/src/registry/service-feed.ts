import type { DeltaUpdate, ServiceInstance, ServiceUpdate } from '@corral/registry';
import { ChangeSignal } from '../streams/change-signal.js';
import type { Feed, FeedEvent } from '../streams/feed.js';
import type { InstanceChanges, InstanceList } from './answers/service.answers.js';

/** Changes kept for those who resume; who is further behind gets the whole state. */
const CHANGES_MAX = 256;

/** What is known of a service. */
export interface ServiceState {
  readonly revision: string;
  readonly guarded: boolean;
  /** The ensemble is away; this is what was last known. */
  readonly stale: boolean;
  readonly instances: ReadonlyMap<string, ServiceInstance>;
}

/** The instances of one service, kept up to date by one watch, for readers and for any number of watchers. */
export class ServiceFeed implements Feed {
  readonly #service: string;
  readonly #changes: FeedEvent[] = [];
  readonly #signal = new ChangeSignal();
  readonly #instances = new Map<string, ServiceInstance>();
  #state: ServiceState | undefined;
  #full: FeedEvent | undefined;
  /** Where somebody must stand for the first of the changes to bring him further. */
  #changesFrom = '';

  constructor(service: string) {
    this.#service = service;
  }

  /** `undefined` until the first state has come. */
  get state(): ServiceState | undefined {
    return this.#state;
  }

  /** The whole state as an event; `undefined` until the first has come. */
  get full(): FeedEvent | undefined {
    return this.#state === undefined ? undefined : this.#fullEvent(this.#state);
  }

  async ready(signal: AbortSignal): Promise<void> {
    if (this.#state === undefined) await this.#signal.wait(signal);
  }

  changed(signal: AbortSignal): Promise<void> {
    return this.#signal.wait(signal);
  }

  since(revision: string | undefined): readonly FeedEvent[] {
    const state = this.#state;
    if (state === undefined || revision === state.revision) return [];
    if (revision === this.#changesFrom && this.#changes.length > 0) return this.#changes;
    const seen = this.#changes.findIndex((change) => change.revision === revision);
    return seen < 0 ? [this.#fullEvent(state)] : this.#changes.slice(seen + 1);
  }

  /** Takes what the registry's watch tells. */
  accept(update: ServiceUpdate): void {
    const before = this.#state?.revision;
    const revision = revisionOf(update);
    if (update.kind === 'full') {
      this.#instances.clear();
      for (const instance of update.instances) this.#instances.set(instance.id, instance);
      this.#changes.length = 0;
      this.#changesFrom = revision;
    } else {
      for (const instance of [...update.added, ...update.updated]) this.#instances.set(instance.id, instance);
      for (const id of update.removed) this.#instances.delete(id);
      if (revision !== before) this.#remember(update, revision, before ?? '');
    }
    this.#state = { revision, guarded: update.guarded, stale: update.stale, instances: this.#instances };
    if (revision === before) return;
    this.#full = undefined;
    this.#signal.wake();
  }

  /** Nothing more will come. */
  end(reason: unknown): void {
    this.#signal.end(reason);
  }

  #remember(update: DeltaUpdate, revision: string, before: string): void {
    const { added, updated, removed, guarded } = update;
    const changes: InstanceChanges = { service: this.#service, revision, guarded, added, updated, removed };
    if (this.#changes.length === 0) this.#changesFrom = before;
    this.#changes.push({ revision, kind: 'delta', text: JSON.stringify(changes) });
    if (this.#changes.length > CHANGES_MAX) this.#changesFrom = this.#changes.shift()?.revision ?? '';
  }

  #fullEvent({ revision, guarded }: ServiceState): FeedEvent {
    if (this.#full === undefined) {
      const instances = [...this.#instances.values()];
      const list: InstanceList = { service: this.#service, revision, guarded, instances };
      this.#full = { revision, kind: 'full', text: JSON.stringify(list) };
    }
    return this.#full;
  }
}

/** The registry's revision tells the instances apart; that they are guarded now and were not before is news, too. */
function revisionOf({ revision, guarded }: ServiceUpdate): string {
  return guarded ? `${revision}.guarded` : revision;
}
