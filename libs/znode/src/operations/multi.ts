import {
  createModeOf,
  type CreateRequest,
  type CreateTtlRequest,
  ErrorCode,
  type MultiChange,
  type MultiOperation,
  type NodeChange,
  OpCode,
} from '@corral/model';
import { prepareCheck } from './check.js';
import type { PrepareContext, Requester, Verdict } from './context.js';
import { prepareCreate } from './create.js';
import { prepareDelete } from './delete.js';
import { prepareSetData } from './set-data.js';

/** A multi as a whole: the change to propose, or each operation's own result when one of them was refused. */
export type MultiVerdict =
  { readonly ok: true; readonly change: MultiChange } | { readonly ok: false; readonly codes: readonly ErrorCode[] };

/**
 * Decides about a multi: all of it or nothing, each operation against what the ones before it leave.
 * When one is refused, those before it answer ok, those after it a runtime inconsistency, as ZooKeeper's clients expect.
 */
export function prepareMulti(
  context: PrepareContext,
  operations: readonly MultiOperation[],
  requester: Requester,
): MultiVerdict {
  context.outstanding.begin();
  const changes: NodeChange[] = [];
  for (const operation of operations) {
    const verdict = prepareOperation(context, operation, requester);
    if (typeof verdict === 'number') {
      context.outstanding.rollback();
      return { ok: false, codes: codesOf(operations.length, changes.length, verdict) };
    }
    changes.push(verdict);
  }
  context.outstanding.commit();
  return { ok: true, change: { type: OpCode.multi, changes } };
}

function codesOf(count: number, refusedAt: number, code: ErrorCode): ErrorCode[] {
  return Array.from({ length: count }, (_, at) => {
    if (at === refusedAt) return code;
    return at < refusedAt ? ErrorCode.ok : ErrorCode.runtimeInconsistency;
  });
}

/**
 * Inside a multi ZooKeeper goes by the flags alone: whichever of the four creates it is, a container's flag makes a container, a
 * TTL's flag needs the TTL, and anything else is a plain create whose result has no stat.
 */
function prepareMultiCreate(
  context: PrepareContext,
  operation: MultiOperation & (CreateRequest | CreateTtlRequest),
  requester: Requester,
): Verdict {
  const mode = createModeOf(operation.flags);
  if (mode?.ttl === true) return prepareCreate(context, OpCode.createTtl, operation, requester);
  const { path, data, acl, flags } = operation;
  const type = mode?.container === true ? OpCode.createContainer : OpCode.create;
  return prepareCreate(context, type, { path, data, acl, flags }, requester);
}

function prepareOperation(context: PrepareContext, operation: MultiOperation, requester: Requester): Verdict {
  switch (operation.type) {
    case OpCode.delete:
      return prepareDelete(context, operation, requester);
    case OpCode.setData:
      return prepareSetData(context, operation, requester);
    case OpCode.check:
      return prepareCheck(context, operation, requester);
    default:
      return prepareMultiCreate(context, operation, requester);
  }
}
