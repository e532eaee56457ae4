import type { Logger } from '@corral/primitives';
import type { EffectiveConfig } from '../documents.js';
import type { KeyRing } from '../encryption/key-ring.js';
import type { Target } from '../names.js';
import type { ConfigValue } from '../values/tree.js';

/** Where a snapshot came from. */
export type SnapshotSource = 'ensemble' | 'local-copy';

/** What a subscriber sees: one release, whole. Never changes; a new release is a new snapshot. */
export interface ConfigSnapshot extends EffectiveConfig {
  readonly source: SnapshotSource;
  /** Whether the application's release is one that is being rolled out. */
  readonly isCandidate: boolean;
  /** When a local copy was saved, wall clock; absent when it came from the ensemble. */
  readonly savedAtMs?: number | undefined;
  /** The value at a dotted path, `database.port`; undefined when there is none. */
  get<T extends ConfigValue = ConfigValue>(path: string): T | undefined;
}

/** Refuses a snapshot by throwing, or by returning what is wrong with it. */
export type SnapshotValidator = (
  snapshot: ConfigSnapshot,
) => readonly { readonly path: string; readonly message: string }[] | void | Promise<void>;

/** Told after a snapshot has become current. A release is acknowledged when all handlers are done; one that throws is reported. */
export type SnapshotHandler = (snapshot: ConfigSnapshot, previous: ConfigSnapshot | undefined) => void | Promise<void>;

/** How a subscription is set up. */
export interface SubscriptionOptions {
  readonly target: Target;
  /** Who this is. Unique among the subscribers of an application; a random one by default. */
  readonly instanceId?: string;
  /** What gradual releases select by. */
  readonly labels?: Readonly<Record<string, string>>;
  /** `/corral/config` by default. */
  readonly root?: string;
  readonly keys?: KeyRing | undefined;
  readonly validators?: readonly SnapshotValidator[];
  /** After a reload, changes are gathered for so long before the next. The first is never held back. 50 ms by default. */
  readonly debounceMs?: number;
  /** Acknowledgements are spread over so long by chance, that a thousand do not come at once. 250 ms by default. */
  readonly ackSpreadMs?: number;
  /** Keeps the last valid state for a start without the ensemble. */
  readonly localCopy?: LocalCopyOptions;
  /** Whether to report releases. True by default; false for those who may not write. */
  readonly acknowledge?: boolean;
  readonly logger?: Logger;
  readonly clock?: SubscriptionClock;
  readonly random?: () => number;
}

/** Where the local copy is, and when it is used. */
export interface LocalCopyOptions {
  readonly store: LocalCopyStore;
  /** How long the ensemble is waited for at start before the copy is used. 3 s by default. */
  readonly afterMs?: number;
  /** Encrypts the copy with the key ring's first key. Values that are encrypted at rest are so in the copy in any case. */
  readonly encrypt?: boolean;
}

/** Somewhere to keep one piece of bytes. Writing is atomic: a crash leaves the old bytes or the new ones. */
export interface LocalCopyStore {
  /** For errors and logs. */
  readonly name: string;
  read(): Promise<Uint8Array | undefined>;
  write(bytes: Uint8Array): Promise<void>;
}

/** Time as a subscription needs it. */
export interface SubscriptionClock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Calls back after so long; the function that is returned cancels it. */
  after(ms: number, callback: () => void): () => void;
}
