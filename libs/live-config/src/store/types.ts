import type { Logger } from '@corral/primitives';
import type { DocumentChange, DocumentFormat } from '../documents.js';
import type { KeyRing } from '../encryption/key-ring.js';
import type { DocumentKey, Scope } from '../names.js';
import type { RolloutSpec } from '../rollout/spec.js';
import type { RolloutOutcome, RolloutState } from '../rollout/state.js';
import type { ConfigValidator } from '../validation/validator.js';

/** How a `ConfigStore` is set up. Everything has a default. */
export interface ConfigStoreOptions {
  /** Where everything is kept. `/corral/config` by default. */
  readonly root?: string;
  /** Keys for encrypted values. Without them encrypted values can be carried along, not written or read. */
  readonly keys?: KeyRing | undefined;
  /** Who publishes when the call does not say. */
  readonly author?: string;
  /** Checks of one's own, run on what every known combination of profiles would see, before anything is written. */
  readonly validators?: readonly ConfigValidator[];
  /** How many releases a scope keeps. The current one and one that is being rolled out are always kept. 200 by default. */
  readonly releasesRetained?: number;
  readonly logger?: Logger;
  /** For tests. */
  readonly clock?: WallClock;
}

/** Time as this module needs it: when a release was made, and waiting. */
export interface WallClock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Resolves after so long; rejects with the signal's reason when that comes first. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Everything that may wait can be told to stop. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Which step of a gradual release is meant; what is not said may be any. */
export interface PromoteOptions extends CallOptions {
  /** The release that is being rolled out. */
  readonly release?: number | undefined;
  /** The stage that is to be left, from 0. */
  readonly stage?: number | undefined;
}

/** A release to be made. */
export interface ReleaseRequest {
  readonly scope: Scope;
  readonly changes: readonly DocumentChange[];
  readonly author?: string | undefined;
  readonly comment?: string | undefined;
  /** The release that the changes were made from. If another stands now, nothing is written: `ConflictError`. */
  readonly expectedRelease?: number | undefined;
  /** Gradually; absent: for everybody at once. */
  readonly rollout?: RolloutSpec | undefined;
}

/** How long to wait for subscribers. */
export interface PublishWait {
  /** The share of live subscribers that must have applied the release, 0 to 1. */
  readonly share: number;
  readonly timeoutMs: number;
}

export interface PublishOptions extends CallOptions {
  readonly wait?: PublishWait | undefined;
}

/** Who makes a release, why, and on what. */
export interface ReleaseNote extends CallOptions {
  readonly author?: string | undefined;
  readonly comment?: string | undefined;
  /** If another release stands now, nothing is written. */
  readonly expectedRelease?: number | undefined;
}

/** How a rollback is made: like a release, gradually if so wished. */
export interface RollbackOptions extends ReleaseNote {
  readonly rollout?: RolloutSpec | undefined;
  readonly wait?: PublishWait | undefined;
}

/** What became of a release. */
export interface ReleaseResult {
  readonly release: ReleaseInfo;
  /** Only when `wait` was asked for. */
  readonly acknowledgement?: AcknowledgementReport | undefined;
}

/** Who has applied a release. */
export interface AcknowledgementReport {
  readonly release: number;
  /** Live subscribers that are meant to see it. */
  readonly subscribers: number;
  readonly acknowledged: number;
  /** Whether the share that was asked for has applied it in time. */
  readonly reached: boolean;
  /** Who has not answered, at most 100 of them. */
  readonly lagging: readonly string[];
  /** Who has refused it, with the error, at most 100 of them. */
  readonly failed: readonly { readonly instanceId: string; readonly error: string }[];
  readonly laggingCount: number;
  readonly failedCount: number;
}

/** One document of a release, without its content. */
export interface DocumentInfo extends DocumentKey {
  readonly format: DocumentFormat;
  readonly hash: string;
  readonly sizeBytes: number;
  readonly encrypted: boolean;
}

/** What a release did to one document. */
export interface DocumentChangeInfo extends DocumentKey {
  readonly kind: 'added' | 'changed' | 'removed';
}

/** A release as history shows it. */
export interface ReleaseInfo {
  /** Counts from 1 within its scope. */
  readonly release: number;
  /** The release that it was made from; 0 for the first. */
  readonly parent: number;
  readonly author: string;
  readonly comment: string;
  readonly createdAtMs: number;
  /** The release that it repeats, when it is a rollback. */
  readonly rollbackOf?: number | undefined;
  readonly changes: readonly DocumentChangeInfo[];
  readonly documents: readonly DocumentInfo[];
  /** The names of its schemas. */
  readonly schemas: readonly string[];
}

/** Where a scope stands. */
export interface ScopeStatus {
  readonly scope: Scope;
  /** The release that everybody sees, save whom a rollout has reached; 0 before the first. */
  readonly release: number;
  /** The highest number that was given. */
  readonly lastRelease: number;
  readonly rollout?: RolloutState | undefined;
  /** How the last gradual release ended. */
  readonly lastRollout?: RolloutOutcome | undefined;
}

/** A live subscriber, as it last reported. */
export interface SubscriberInfo {
  readonly instanceId: string;
  readonly profiles: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** What it runs with. */
  readonly release: number;
  readonly defaultsRelease: number;
  /** The release that it refused, and why. */
  readonly failed?: { readonly release: number; readonly defaultsRelease: number; readonly error: string } | undefined;
}
