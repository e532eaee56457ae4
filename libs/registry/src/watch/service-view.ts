import type { ServiceInstance } from '../instance/instance.js';
import type { CallOptions } from '../types.js';
import type { Change } from './history.js';
import type { ServiceFollower } from './service-follower.js';
import type { FullUpdate, Revision } from './service-update.js';

/** The present state of one service, kept current until it is closed. Views of the same service share one watch. */
export class ServiceView {
  readonly #follower: ServiceFollower;
  readonly #release: () => void;
  readonly #stops = new Set<() => void>();
  #instances: readonly ServiceInstance[] | undefined;
  #isClosed = false;

  /** @internal `Registry.view` makes them. */
  constructor(follower: ServiceFollower, release: () => void) {
    this.#follower = follower;
    this.#release = release;
    this.#stops.add(
      follower.onChange(() => {
        this.#instances = undefined;
      }),
    );
  }

  get service(): string {
    return this.#follower.service;
  }

  /** All instances, in no order; the same array until something changes. Empty before `ready`. */
  get instances(): readonly ServiceInstance[] {
    if (!this.#follower.isReady) return [];
    this.#instances ??= [...this.#follower.instances.values()];
    return this.#instances;
  }

  get revision(): Revision {
    return this.#follower.revision;
  }

  /** Whether many instances vanished at once, and are kept until the matter is clear. */
  get guarded(): boolean {
    return this.#follower.isGuarded;
  }

  /** Whether the ensemble is out of reach, so that this is the last known state. */
  get isStale(): boolean {
    return this.#follower.isStale;
  }

  get isReady(): boolean {
    return this.#follower.isReady;
  }

  /** The ids of instances that are no more, but whose health a platform has written down. */
  get orphanedHealth(): readonly string[] {
    return this.#follower.orphanedHealth;
  }

  /** The ids of instances that platforms try, or tried, to reach because they vanished with many others. */
  get guardNotes(): readonly string[] {
    return this.#follower.guardNotes;
  }

  /** Whether the instance is registered now, and not only kept by the guard. */
  isRegistered(id: string): boolean {
    return this.#follower.isRegistered(id);
  }

  /** Resolves when the first state is there. @throws the signal's reason, RegistryClosedError, ClientClosedError */
  async ready(call?: CallOptions): Promise<void> {
    if (!this.#follower.isReady) await this.#follower.ready(call);
  }

  /** Calls the listener after every change, and when the state becomes stale or current again; the function that comes back removes it. */
  onChange(listener: (change: Change) => void): () => void {
    const stop = this.#follower.onChange(listener);
    this.#stops.add(stop);
    return () => {
      this.#stops.delete(stop);
      stop();
    };
  }

  /** The state as the first update of a watch. */
  full(): FullUpdate {
    return {
      kind: 'full',
      service: this.service,
      revision: this.revision,
      instances: this.instances,
      guarded: this.guarded,
      stale: this.isStale,
    };
  }

  /** What changed since the revision; `undefined` when that is not known. */
  since(revision: Revision): Change | undefined {
    return this.#follower.since(revision);
  }

  /** The last view of a service that is closed ends the watch. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    this.#release();
  }
}
