import { ErrorCode, OpCode, pathFault, Perms, type SetDataChange, type SetDataRequest } from '@corral/model';
import { nextVersion, type PrepareContext, type Requester, type Verdict, versionMatches } from './context.js';

/** Decides about a setData. */
export function prepareSetData(
  context: PrepareContext,
  request: SetDataRequest,
  requester: Requester,
): Verdict<SetDataChange> {
  const { path, data } = request;
  if (path === null || pathFault(path) !== undefined) return ErrorCode.badArguments;
  const znode = context.znode(path);
  if (znode === undefined) return ErrorCode.noNode;
  if (!context.permits(znode.acl, Perms.write, requester)) return ErrorCode.noAuth;
  const dataLength = data === null ? 0 : data.length;
  const quotaFault = context.quotaFault(path, 0, dataLength - znode.dataLength);
  if (quotaFault !== ErrorCode.ok) return quotaFault;
  if (!versionMatches(znode.version, request.version)) return ErrorCode.badVersion;
  const changed = context.change(path, znode);
  changed.version = nextVersion(znode.version);
  changed.dataLength = dataLength;
  return { type: OpCode.setData, path, data, version: changed.version };
}
