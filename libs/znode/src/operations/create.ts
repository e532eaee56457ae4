import { NO_SESSION, type SessionId } from '@corral/primitives';
import {
  type Acl,
  CONTAINER_OWNER,
  type CreateChange,
  type CreateContainerChange,
  type CreateMode,
  createModeOf,
  type CreateRequest,
  type CreateTtlChange,
  type CreateTtlRequest,
  ErrorCode,
  OpCode,
  ownershipOf,
  parentPath,
  pathFault,
  Perms,
  sequentialPath,
  TTL_MS_MAX,
  ttlOwner,
} from '@corral/model';
import { resolveAcl } from '../access.js';
import { nextVersion, type PrepareContext, type Requester } from './context.js';

/** The four requests that create a znode. */
export type CreateType =
  typeof OpCode.create | typeof OpCode.create2 | typeof OpCode.createContainer | typeof OpCode.createTtl;

/** What each of them may propose. */
export type AnyCreateChange = CreateChange | CreateContainerChange | CreateTtlChange;

/** Decides about a create. The order of the checks is ZooKeeper's, so that a request wrong in two ways gets the same error. */
export function prepareCreate(
  context: PrepareContext,
  type: CreateType,
  request: CreateRequest | CreateTtlRequest,
  requester: Requester,
): AnyCreateChange | ErrorCode {
  const mode = createModeOf(request.flags);
  if (mode === undefined) return ErrorCode.badArguments;
  const ttlMs = 'ttlMs' in request ? request.ttlMs : -1;
  const ttlFault = checkTtl(context, type, mode, ttlMs);
  if (ttlFault !== ErrorCode.ok) return ttlFault;
  if (request.path === null) return ErrorCode.marshallingError;
  if (!request.path.includes('/') || request.path.includes('\0')) return ErrorCode.badArguments;
  const acl = resolveAcl(request.acl, requester.identities);
  if (typeof acl === 'number') return acl;

  const parent = parentPath(request.path);
  const parentZnode = context.znode(parent);
  if (parentZnode === undefined) return ErrorCode.noNode;
  if (!context.permits(parentZnode.acl, Perms.create, requester)) return ErrorCode.noAuth;
  const path = mode.sequential ? sequentialPath(request.path, parentZnode.creates) : request.path;
  if (pathFault(path) !== undefined) return ErrorCode.badArguments;
  if (context.znode(path) !== undefined) return ErrorCode.nodeExists;
  if (ownershipOf(parentZnode.owner).kind === 'ephemeral') return ErrorCode.noChildrenForEphemerals;
  const dataLength = request.data === null ? 0 : request.data.length;
  const quotaFault = context.quotaFault(path, 1, dataLength);
  if (quotaFault !== ErrorCode.ok) return quotaFault;

  const changedParent = context.change(parent, parentZnode);
  changedParent.creates = nextVersion(changedParent.creates);
  changedParent.numChildren += 1;
  const change = changeOf(type, { path, data: request.data, acl, parentCreates: changedParent.creates }, mode, ttlMs);
  context.change(path, {
    zxid: -1,
    deleted: false,
    version: 0,
    aversion: 0,
    creates: 0,
    numChildren: 0,
    owner: ownerOf(change, requester),
    acl,
    dataLength,
  });
  if ('ephemeral' in change && change.ephemeral) context.outstanding.noteEphemeral(requester.sessionId, path);
  return change;
}

interface Created {
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[];
  readonly parentCreates: number;
}

function changeOf(type: CreateType, created: Created, mode: CreateMode, ttlMs: number): AnyCreateChange {
  const { path, data, acl, parentCreates } = created;
  switch (type) {
    case OpCode.createContainer:
      return { type, path, data, acl, parentCreates };
    case OpCode.createTtl:
      return { type, path, data, acl, parentCreates, ttlMs };
    default:
      return { type, path, data, acl, ephemeral: mode.ephemeral, parentCreates };
  }
}

/** The same as `Tree` will derive from the change when it applies it. */
function ownerOf(change: AnyCreateChange, requester: Requester): SessionId {
  if (change.type === OpCode.createContainer) return CONTAINER_OWNER;
  if (change.type === OpCode.createTtl) return ttlOwner(change.ttlMs);
  return change.ephemeral ? requester.sessionId : NO_SESSION;
}

function checkTtl(context: PrepareContext, type: CreateType, mode: CreateMode, ttlMs: number): ErrorCode {
  if (!mode.ttl) return ttlMs >= 0 || type === OpCode.createTtl ? ErrorCode.badArguments : ErrorCode.ok;
  if (!context.options.ttlEnabled) return ErrorCode.unimplemented;
  return ttlMs > 0 && ttlMs <= TTL_MS_MAX ? ErrorCode.ok : ErrorCode.badArguments;
}
