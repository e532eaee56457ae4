import type { ConfigSnapshot, SnapshotHandler } from '@corral/live-config';

/** What this package needs of a subscription. `ConfigSubscription` is one; a test may be another. */
export interface ConfigSource {
  /** The release that is in force. */
  readonly current: ConfigSnapshot;
  /** Whether the ensemble is away, so that there may be a newer release. */
  readonly isStale: boolean;
  /** Calls back after every new snapshot has become current; what is thrown goes into the acknowledgement. */
  onChange(handler: SnapshotHandler): () => void;
  /** Follows no longer. */
  close?(): Promise<void>;
}
