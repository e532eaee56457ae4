/** What the classes of the registry take and give. */
import type { Timers } from '@corral/client';
import type { Logger } from '@corral/primitives';
import type { EjectionOptions, Strategy } from './balancing/strategy.js';
import type { GuardOptions } from './guard/guard-options.js';
import type { PayloadStyle } from './instance/curator-json.js';
import type { InstancePatch, InstanceSpec, ServiceInstance } from './instance/instance.js';
import type { BadInstance, Revision } from './watch/service-update.js';

/** For whatever waits. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** What a registry can be told; nothing is needed. */
export interface RegistryOptions {
  /** Where the instances are; `/services`, as Curator's and Spring Cloud's examples have it. */
  readonly root?: string;
  /** Where Corral keeps what Curator has no place for; `/corral/registry`. */
  readonly notesRoot?: string;
  readonly payload?: PayloadStyle;
  readonly guard?: GuardOptions;
  /** Told of znodes that are no instances; they are left out. */
  readonly onBadInstance?: (bad: BadInstance) => void;
  readonly logger?: Logger;
  /** For tests; the process's own clock otherwise. */
  readonly timers?: Timers;
  /** From 0 to 1 (exclusive). */
  readonly random?: () => number;
  /** The wall clock, for `registeredAtMs`: milliseconds since 1970. */
  readonly wallClockMs?: () => number;
}

export interface WatchOptions extends CallOptions {
  /** Go on from there: the first update is a delta when it is known what was missed, and a full one otherwise. It always comes. */
  readonly since?: Revision;
}

/** An instance that this process registered. It is registered again by itself after reconnects and new sessions. */
export interface Registration {
  /** As it is registered now, or will be. */
  readonly instance: ServiceInstance;
  /** Whether the ensemble has it, as far as this process knows. */
  readonly isRegistered: boolean;
  /** Changes it in place. Resolves when the ensemble has the change. @throws InvalidInstanceError, RegistryClosedError */
  update(patch: InstancePatch, call?: CallOptions): Promise<void>;
  /** Says `DRAINING`, waits for `graceMs`, and leaves. An abort ends the waiting, not the leaving. */
  drain(options: { readonly graceMs: number } & CallOptions): Promise<void>;
  /** Leaves at once. Leaving again is no error. */
  leave(): Promise<void>;
}

export interface PoolOptions {
  /** `round-robin` by default. */
  readonly strategy?: Strategy;
  /** The zone of the consumer, for `zone-first`. */
  readonly zone?: string;
  /** When failing instances get a rest; with its defaults when absent, never with `false`. */
  readonly ejection?: EjectionOptions | false;
}

export interface PickOptions {
  /** What `sticky` and `consistent-hash` decide by. */
  readonly key?: string;
  /** Ids not to choose, because they have been tried. */
  readonly exclude?: ReadonlySet<string>;
}

/** How a call went; `ignored` says nothing of the instance (the caller gave up, say). */
export type Outcome = 'success' | 'failure' | 'ignored';

/** An instance to call. */
export interface Pick {
  readonly instance: ServiceInstance;
  /** To be called once, when the call is over; later ones count for nothing. */
  done(outcome: Outcome): void;
}

/** The instances of one service that take work, balanced. */
export interface InstancePool {
  readonly service: string;
  /** All that are known now, whether they take work or not. */
  readonly instances: readonly ServiceInstance[];
  /** Whether the ensemble is out of reach; the pool goes on with what it knows. */
  readonly isStale: boolean;
  /** Resolves when the first state is there. */
  ready(call?: CallOptions): Promise<void>;
  /** @throws NoInstanceError, RegistryClosedError */
  pick(options?: PickOptions): Pick;
  /** Calls the listener after every change; the function that comes back removes it. */
  onChange(listener: () => void): () => void;
  close(): void;
}

/** A lease as its holder sees it. */
export interface Lease {
  readonly leaseId: string;
  readonly ttlMs: number;
  readonly instance: ServiceInstance;
}

/** What a lease can be granted for. */
export interface LeaseRequest {
  readonly spec: InstanceSpec;
  readonly ttlMs: number;
}
