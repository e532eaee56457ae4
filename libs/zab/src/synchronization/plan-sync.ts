import { counterOf, epochOf, type Zxid } from '@corral/primitives';
import type { History } from '../history.js';

/**
 * How a learner gets to the leader's history. `fingerprint` is that of the transaction behind which the replay begins: the learner must have that one
 * and not another with its number. Every plan ends with a replay of the leader's log, through the transaction that it names; with
 * nothing between, the replay is empty.
 */
export type SyncPlan =
  | { readonly kind: 'replay'; readonly after: Zxid; readonly through: Zxid; readonly fingerprint?: number | undefined }
  | {
      readonly kind: 'truncate';
      readonly to: Zxid;
      readonly thenReplayThrough: Zxid;
      readonly fingerprint?: number | undefined;
    }
  /** The tree as it is when the plan is carried out; the replay begins after it. */
  | { readonly kind: 'snapshot'; readonly thenReplayThrough: Zxid };

/** What is to be known of a learner to make its plan. */
export interface LearnerHistory {
  readonly lastZxid: Zxid;
  /** Whether it can be asked to truncate to a transaction that it may not have: it then cuts what is after it, and asks again. */
  readonly truncatesAnywhere: boolean;
}

/**
 * The plan for a learner, to the leader's history through `through`.
 *
 * It rests on this: when two histories have a transaction in common, they are the same up to it. So it is enough to look for the learner's last
 * one. Where that is missing, the two may still share the beginning of its epoch, because an epoch's transactions come from one leader, in order.
 * Across the border of an epoch it is only known that the leader has nothing between the shared zxid and the learner's last one.
 *
 * A snapshot takes the learner back to the leader's tree, which may be behind what the learner has on disk and once acknowledged. So one that can
 * do without never gets one: otherwise a crash in the middle of the replay could take a committed transaction from the only quorum that had it.
 */
export function planSync(
  learner: LearnerHistory,
  through: Zxid,
  history: Pick<History, 'startZxid' | 'newestUpTo' | 'fingerprintOf'>,
): SyncPlan {
  const { lastZxid, truncatesAnywhere } = learner;
  const shared = history.newestUpTo(lastZxid < through ? lastZxid : through);
  if (shared === undefined) return { kind: 'snapshot', thenReplayThrough: through };
  if (shared === lastZxid || isBeginningOfEpoch(lastZxid))
    return { kind: 'replay', after: lastZxid, through, fingerprint: history.fingerprintOf(lastZxid) };
  const isSurelyShared = epochOf(shared) === epochOf(lastZxid) && !isBeginningOfEpoch(shared);
  if (!isSurelyShared && !truncatesAnywhere) return { kind: 'snapshot', thenReplayThrough: through };
  return { kind: 'truncate', to: shared, thenReplayThrough: through, fingerprint: history.fingerprintOf(shared) };
}

/**
 * A member of an Apache ensemble whose last transaction is the beginning of an epoch has all that was before that epoch, and nothing of it. The
 * epoch was established, so every later leader has the same.
 */
function isBeginningOfEpoch(zxid: Zxid): boolean {
  return counterOf(zxid) === 0;
}
