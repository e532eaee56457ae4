import { formatZxid, type Zxid } from '@corral/primitives';
import type { Core } from '../core.js';
import type { SyncPlanMessage } from '../messages.js';

/**
 * Takes the leader's first step on this member's history: nothing (DIFF), a cut (TRUNC) or a tree in its place (SNAP).
 * Returns false when the learner has to leave its leader, which it has then been told.
 */
export function beginSync(core: Core, message: SyncPlanMessage): boolean {
  switch (message.kind) {
    case 'diff':
    case 'snap':
      return true;
    case 'trunc':
      return truncate(core, message.zxid);
  }
}

/**
 * Cuts what the leader does not have. An Apache leader may name a transaction that this member lacks, one of another epoch: then all that is
 * after it goes, as asked, and the leader is asked again by a member whose last transaction it knows.
 */
function truncate(core: Core, to: Zxid): boolean {
  const { history } = core;
  if (to < history.committedZxid) {
    refuse(core, to);
    return false;
  }
  if (history.isTruncating) {
    core.look('the log has yet to be cut');
    return false;
  }
  const kept = to >= history.lastZxid ? history.lastZxid : history.disk.newestUpTo(to);
  if (kept !== undefined && kept < history.lastZxid) history.truncate(kept);
  if (kept === to) return true;
  core.look(`the leader asked to truncate to ${formatZxid(to)}, which is not in this history`);
  return false;
}

/**
 * A leader that lacks what is committed here: one of the two has a history, or an epoch, that is not this ensemble's. Where a quorum follows that
 * leader it is this member. Where it was only just elected it is rather the leader, and everybody who has more turns away from it.
 */
function refuse(core: Core, to: Zxid): void {
  const { committedZxid } = core.history;
  const { leader } = core.state;
  const claim = `the history of member ${String(leader)}, the leader, has this one's only to ${formatZxid(to)}`;
  const committed = `${formatZxid(committedZxid)} is committed here`;
  if (core.foundLeader || !core.votes || leader === null) {
    core.halt(
      `${claim}, and ${committed}: the data of this member is of another ensemble or another time. ` +
        'Move it away and start the member empty, so that it gets everything from the others',
    );
    return;
  }
  // By now it may have made the epoch that it has proposed its own.
  core.distrust(leader, core.epochs.accepted);
  core.look(
    `${claim}, and ${committed}: its data or its epoch files are of another ensemble or another time, so it shall not lead`,
  );
}
