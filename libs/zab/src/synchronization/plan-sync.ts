import type { Zxid } from '@corral/primitives';

/**
 * How a learner gets to the leader's history. Every plan ends with a replay of the leader's log, through the transaction that it names; with
 * nothing between, the replay is empty.
 */
export type SyncPlan =
  | { readonly kind: 'replay'; readonly after: Zxid; readonly through: Zxid }
  | { readonly kind: 'truncate'; readonly to: Zxid; readonly thenReplayThrough: Zxid }
  /** The tree as it is when the plan is carried out; the replay begins after it. */
  | { readonly kind: 'snapshot'; readonly thenReplayThrough: Zxid };
