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
    const committed = formatZxid(history.committedZxid);
    core.halt(
      `the leader's history ends at ${formatZxid(to)}, and ${committed} is committed here: start this member empty`,
    );
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
