import type { StatusSource } from '@corral/member';
import type { ServerFacts } from '@corral/net';
import type { MemberMetrics } from '../metrics/member-metrics.js';

/** Where a coordinator is in its life. */
export type CoordinatorPhase = 'starting' | 'serving' | 'stopping' | 'stopped';

/** A member with everything around it, as Nest's transport starts and stops it and as the admin pages look at it. */
export interface Coordinator {
  readonly phase: CoordinatorPhase;
  /** `undefined` as long as there is nothing to read. */
  readonly source: StatusSource | undefined;
  readonly facts: ServerFacts;
  readonly metrics: MemberMetrics;
  /** Resolves when clients are served. Later calls return the first one's promise. */
  start(): Promise<void>;
  /** Resolves when clients are gone, the log is synced, the tree is written and the directories are free. */
  stop(): Promise<void>;
}

/** The token under which Nest's providers find the coordinator. */
export const COORDINATOR = Symbol('Coordinator');
