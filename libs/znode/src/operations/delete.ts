import type { SessionId } from '@corral/primitives';
import {
  type DeleteChange,
  type DeleteRequest,
  ErrorCode,
  OpCode,
  ownershipOf,
  parentPath,
  Perms,
} from '@corral/model';
import type { OutstandingZnode } from '../outstanding.js';
import { isSystemPath } from '../system-paths.js';
import { type PrepareContext, type Requester, type Verdict, versionMatches } from './context.js';

/** Decides about a delete. */
export function prepareDelete(
  context: PrepareContext,
  request: DeleteRequest,
  requester: Requester,
): Verdict<DeleteChange> {
  const { path } = request;
  if (path === null) return ErrorCode.marshallingError;
  if (!path.includes('/') || path.includes('\0') || isSystemPath(path)) return ErrorCode.badArguments;
  const parent = context.znode(parentPath(path));
  if (parent === undefined) return ErrorCode.noNode;
  if (!context.permits(parent.acl, Perms.delete, requester)) return ErrorCode.noAuth;
  const znode = context.znode(path);
  if (znode === undefined) return ErrorCode.noNode;
  if (!versionMatches(znode.version, request.version)) return ErrorCode.badVersion;
  if (znode.numChildren > 0) return ErrorCode.notEmpty;
  proposeDelete(context, path, parent, znode);
  return { type: OpCode.delete, path };
}

/**
 * Decides about the server's own delete of a container or of a znode whose time to live is over.
 * Between the finding and the deciding it may have got a child, or have been deleted and created anew as another kind.
 */
export function prepareDeleteContainer(context: PrepareContext, path: string): Verdict<DeleteChange> {
  const znode = context.znode(path);
  const parent = context.znode(parentPath(path));
  if (znode === undefined || parent === undefined) return ErrorCode.noNode;
  if (znode.numChildren > 0) return ErrorCode.notEmpty;
  if (!isExtended(znode.owner)) return ErrorCode.badVersion;
  proposeDelete(context, path, parent, znode);
  return { type: OpCode.deleteContainer, path };
}

function isExtended(owner: SessionId): boolean {
  const { kind } = ownershipOf(owner);
  return kind === 'container' || kind === 'ttl';
}

function proposeDelete(context: PrepareContext, path: string, parent: OutstandingZnode, znode: OutstandingZnode): void {
  context.change(parentPath(path), parent).numChildren -= 1;
  context.change(path, znode).deleted = true;
}
