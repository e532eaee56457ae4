import { ErrorCode } from '@corral/model';
import { ConnectionLossError, SessionExpiredError } from './connection-errors.js';
import * as refusals from './server-errors.js';

type ErrorClass = new (operation: string, path: string | undefined) => Error & { readonly code: ErrorCode };

/** The class for each code. A code without a row does not compile. */
export const errorClasses = {
  systemError: refusals.SystemError,
  runtimeInconsistency: refusals.RuntimeInconsistencyError,
  dataInconsistency: refusals.DataInconsistencyError,
  connectionLoss: ConnectionLossError,
  marshallingError: refusals.MarshallingError,
  unimplemented: refusals.UnimplementedError,
  operationTimeout: refusals.OperationTimeoutError,
  badArguments: refusals.BadArgumentsError,
  newConfigNoQuorum: refusals.NewConfigNoQuorumError,
  reconfigInProgress: refusals.ReconfigInProgressError,
  unknownSession: refusals.UnknownSessionError,
  apiError: refusals.ApiError,
  noNode: refusals.NoNodeError,
  noAuth: refusals.NoAuthError,
  badVersion: refusals.BadVersionError,
  noChildrenForEphemerals: refusals.NoChildrenForEphemeralsError,
  nodeExists: refusals.NodeExistsError,
  notEmpty: refusals.NotEmptyError,
  sessionExpired: SessionExpiredError,
  invalidCallback: refusals.InvalidCallbackError,
  invalidAcl: refusals.InvalidAclError,
  authFailed: refusals.AuthFailedError,
  sessionMoved: refusals.SessionMovedError,
  notReadOnly: refusals.NotReadOnlyError,
  ephemeralOnLocalSession: refusals.EphemeralOnLocalSessionError,
  noWatcher: refusals.NoWatcherError,
  requestTimeout: refusals.RequestTimeoutError,
  reconfigDisabled: refusals.ReconfigDisabledError,
  sessionClosedRequireSaslAuth: refusals.SaslRequiredError,
  quotaExceeded: refusals.QuotaExceededError,
  throttledOp: refusals.ThrottledError,
} satisfies Record<Exclude<keyof typeof ErrorCode, 'ok'>, ErrorClass>;

const byCode = new Map<number, ErrorClass>(
  Object.entries(errorClasses).map(([name, made]) => [ErrorCode[name as keyof typeof errorClasses], made]),
);

/** The error for a code in a reply. A code that no version of the protocol knows is a plain `ServerError` that carries it. */
export function errorOfCode(code: number, operation: string, path: string | undefined): Error {
  const known = byCode.get(code);
  if (known !== undefined) return new known(operation, path);
  return new refusals.ServerError(code as ErrorCode, operation, path, `the server answers with error ${code}`);
}
