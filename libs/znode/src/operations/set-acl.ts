import { ErrorCode, OpCode, pathFault, Perms, type SetAclChange, type SetAclRequest } from '@corral/model';
import { resolveAcl } from '../access.js';
import { nextVersion, type PrepareContext, type Requester, type Verdict, versionMatches } from './context.js';

/** Decides about a setACL. */
export function prepareSetAcl(
  context: PrepareContext,
  request: SetAclRequest,
  requester: Requester,
): Verdict<SetAclChange> {
  const { path } = request;
  if (path === null || pathFault(path) !== undefined) return ErrorCode.badArguments;
  const acl = resolveAcl(request.acl, requester.identities);
  if (typeof acl === 'number') return acl;
  const znode = context.znode(path);
  if (znode === undefined) return ErrorCode.noNode;
  if (!context.permits(znode.acl, Perms.admin, requester)) return ErrorCode.noAuth;
  if (!versionMatches(znode.aversion, request.version)) return ErrorCode.badVersion;
  const changed = context.change(path, znode);
  changed.aversion = nextVersion(znode.aversion);
  changed.acl = acl;
  return { type: OpCode.setAcl, path, acl, version: changed.aversion };
}
