import { counterOf, epochOf, type Zxid } from '@corral/primitives';
import type { History } from '../history.js';

/**
 * How a learner gets to the leader's history. Every plan ends with a replay of the leader's log, through the transaction that it names; with
 * nothing between, the replay is empty.
 */
export type SyncPlan =
  | { readonly kind: 'replay'; readonly after: Zxid; readonly through: Zxid }
  | { readonly kind: 'truncate'; readonly to: Zxid; readonly thenReplayThrough: Zxid }
  /** The tree as it is when the plan is carried out; the replay begins after it. */
  | { readonly kind: 'snapshot'; readonly thenReplayThrough: Zxid };

/**
 * The plan for a learner whose last transaction is `learnerLast`, to the leader's history through `through`.
 *
 * It rests on this: when two histories have a transaction in common, they are the same up to it. So it is enough to look for the learner's last
 * one. Where that is missing, the two may still share the beginning of its epoch, because an epoch's transactions come from one leader, in order;
 * across the border of an epoch nothing is known, and the learner gets everything.
 */
export function planSync(
  learnerLast: Zxid,
  through: Zxid,
  history: Pick<History, 'startZxid' | 'newestUpTo'>,
): SyncPlan {
  const shared = history.newestUpTo(learnerLast < through ? learnerLast : through);
  if (shared === undefined) return { kind: 'snapshot', thenReplayThrough: through };
  if (shared === learnerLast || isBeginningOfEpoch(learnerLast)) return { kind: 'replay', after: learnerLast, through };
  if (epochOf(shared) !== epochOf(learnerLast) || isBeginningOfEpoch(shared))
    return { kind: 'snapshot', thenReplayThrough: through };
  return { kind: 'truncate', to: shared, thenReplayThrough: through };
}

/**
 * A member of an Apache ensemble whose last transaction is the beginning of an epoch has all that was before that epoch, and nothing of it. The
 * epoch was established, so every later leader has the same.
 */
function isBeginningOfEpoch(zxid: Zxid): boolean {
  return counterOf(zxid) === 0;
}
