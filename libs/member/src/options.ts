import type { ServerId } from '@corral/primitives';

/** What an operator can set. */
export interface MemberOptions {
  readonly serverId: ServerId;
  readonly sessionTimeoutMsMin: number;
  readonly sessionTimeoutMsMax: number;
  readonly ttlEnabled: boolean;
  readonly enforceQuota: boolean;
  readonly skipAcl: boolean;
  /** `user:base64(sha1(user:password))` of who may do everything. */
  readonly superDigest: string | undefined;
  /** How often empty containers and timed-out znodes are looked for, and how many may go per minute. */
  readonly containerCheckIntervalMs: number;
  readonly containerDeletesPerMinuteMax: number;
  /** How often the tree is written behind the log when nothing else makes it. */
  readonly treeFlushIntervalMs: number;
  /** About how much memory the watches of one connection may take; a client with more is ended. */
  readonly watchBytesPerConnectionMax: number;
  /** Requests of one connection that may wait for an answer before no more are read from it. */
  readonly outstandingRequestsMax: number;
  /** Bytes of transactions that may wait for the disk before nothing more is read from those who write. */
  readonly outstandingBytesMax: number;
}

/** ZooKeeper's defaults, for a tick of two seconds. */
export const DEFAULT_MEMBER_OPTIONS: MemberOptions = {
  serverId: 0 as ServerId,
  sessionTimeoutMsMin: 4000,
  sessionTimeoutMsMax: 40_000,
  ttlEnabled: true,
  enforceQuota: false,
  skipAcl: false,
  superDigest: undefined,
  containerCheckIntervalMs: 60_000,
  containerDeletesPerMinuteMax: 10_000,
  treeFlushIntervalMs: 1000,
  watchBytesPerConnectionMax: 64 * 1024 * 1024,
  outstandingRequestsMax: 1000,
  outstandingBytesMax: 64 * 1024 * 1024,
};
