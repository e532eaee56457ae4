import type { SessionId } from '@corral/primitives';
import { type CloseSessionChange, OpCode, parentPath } from '@corral/model';
import type { Owned } from '../owned.js';
import type { PrepareContext } from './context.js';

/**
 * The end of a session: it takes along the ephemerals that it owns by then, which are those of the tree less those whose deletion is
 * proposed, and those whose creation is.
 */
export function prepareCloseSession(
  context: PrepareContext,
  sessionId: SessionId,
  owned: Pick<Owned, 'ofSession'>,
): CloseSessionChange {
  const candidates = new Set([...owned.ofSession(sessionId), ...context.outstanding.proposedEphemerals(sessionId)]);
  const paths = [...candidates].filter((path) => context.znode(path)?.owner === sessionId);
  for (const path of paths) {
    const znode = context.znode(path);
    const parent = context.znode(parentPath(path));
    if (znode !== undefined) context.change(path, znode).deleted = true;
    if (parent !== undefined) context.change(parentPath(path), parent).numChildren -= 1;
  }
  return { type: OpCode.closeSession, paths };
}
