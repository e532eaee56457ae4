import { formatZxid, type Zxid } from '@corral/primitives';
import type { Core } from '../core.js';
import type { SyncPlanMessage } from '../messages.js';

/**
 * Takes the leader's first step on this member's history: nothing (DIFF), a cut (TRUNC) or a tree in its place (SNAP).
 * Returns false when the learner has to leave its leader, which it has then been told.
 */
export function beginSync(core: Core, message: SyncPlanMessage): boolean {
  switch (message.kind) {
    case 'snap':
      return true;
    case 'diff':
      return isShared(core, core.history.lastZxid, message.fingerprint);
    case 'trunc':
      return truncate(core, message);
  }
}

/**
 * Cuts what the leader does not have. An Apache leader may name a transaction that this member lacks, one of another epoch: then all that is
 * after it goes, as asked, and the leader is asked again by a member whose last transaction it knows.
 */
function truncate(core: Core, { zxid: to, fingerprint }: SyncPlanMessage): boolean {
  const { history } = core;
  if (to < history.committedZxid) {
    refuse(
      core,
      `has this one's only to ${formatZxid(to)}, and ${formatZxid(core.history.committedZxid)} is committed here`,
    );
    return false;
  }
  if (history.isTruncating) {
    core.look('the log has yet to be cut');
    return false;
  }
  if (!isShared(core, to, fingerprint)) return false;
  const kept = to >= history.lastZxid ? history.lastZxid : history.disk.newestUpTo(to);
  if (kept !== undefined && kept < history.lastZxid) history.truncate(kept);
  if (kept === to) return true;
  core.look(`the leader asked to truncate to ${formatZxid(to)}, which is not in this history`);
  return false;
}

/** Whether the transaction behind which the leader goes on is the one that this member has, as far as both can tell. */
function isShared(core: Core, zxid: Zxid, fingerprint: number | undefined): boolean {
  const own = core.history.disk.fingerprintOf(zxid);
  if (fingerprint === undefined || own === undefined || own === fingerprint) return true;
  refuse(core, `has another transaction ${formatZxid(zxid)} than this one's`);
  return false;
}

/**
 * A leader whose history cannot be this ensemble's, if this member's is. Where a quorum follows that leader it is this member that is wrong. Where it
 * was only just elected it is rather the leader, and everybody who sees it turns away.
 */
function refuse(core: Core, difference: string): void {
  const { leader } = core.state;
  const claim = `the history of member ${String(leader)}, the leader, ${difference}`;
  if (core.foundLeader || !core.votes || leader === null) {
    core.halt(
      `${claim}: the data of this member is of another ensemble or another time. ` +
        'Move it away and start the member empty, so that it gets everything from the others',
    );
    return;
  }
  // By now it may have made the epoch that it has proposed its own.
  core.distrust(leader, core.epochs.accepted);
  core.look(`${claim}: its data or its epoch files are of another ensemble or another time, so it shall not lead`);
}
