import { type CheckChange, type CheckVersionRequest, ErrorCode, OpCode, pathFault, Perms } from '@corral/model';
import { nextVersion, type PrepareContext, type Requester, type Verdict, versionMatches } from './context.js';

/** Decides whether a znode has the version that a multi builds on. */
export function prepareCheck(
  context: PrepareContext,
  request: CheckVersionRequest,
  requester: Requester,
): Verdict<CheckChange> {
  const { path } = request;
  if (path === null || pathFault(path) !== undefined) return ErrorCode.badArguments;
  const znode = context.znode(path);
  if (znode === undefined) return ErrorCode.noNode;
  if (!context.permits(znode.acl, Perms.read, requester)) return ErrorCode.noAuth;
  if (!versionMatches(znode.version, request.version)) return ErrorCode.badVersion;
  return { type: OpCode.check, path, version: nextVersion(znode.version) };
}
