import { ErrorCode } from '@corral/model';

/** A server's refusal of a request. There is one subclass for each code, so that a caller can name what it expects. */
export class ServerError extends Error {
  override readonly name: string = 'ServerError';

  constructor(
    /** Why, as the protocol numbers it. */
    readonly code: ErrorCode,
    /** What was asked: `create`, `getData`, … */
    readonly operation: string,
    /** About which znode, as the caller named it; nothing where the request names none. */
    readonly path: string | undefined,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${operation}${path === undefined ? '' : ` ${path}`}: ${reason}`, options);
  }
}

/** A class of refusals. */
export type ServerErrorClass = new (operation: string, path: string | undefined, options?: ErrorOptions) => ServerError;

/** Makes the class for one code. */
function refusal(name: string, code: ErrorCode, reason: string): ServerErrorClass {
  return class extends ServerError {
    override readonly name = name;

    constructor(operation: string, path: string | undefined, options?: ErrorOptions) {
      super(code, operation, path, reason, options);
    }
  };
}

/** The server failed in a way that has no code of its own. */
export class SystemError extends refusal('SystemError', ErrorCode.systemError, 'the server failed') {}
/** In a multi: not done, because another of its operations failed. */
export class RuntimeInconsistencyError extends refusal(
  'RuntimeInconsistencyError',
  ErrorCode.runtimeInconsistency,
  'not done, because another operation of the multi failed',
) {}
/** The server found its own data inconsistent. */
export class DataInconsistencyError extends refusal(
  'DataInconsistencyError',
  ErrorCode.dataInconsistency,
  'the server found its data inconsistent',
) {}
/** The server could not read the request. */
export class MarshallingError extends refusal(
  'MarshallingError',
  ErrorCode.marshallingError,
  'the server could not read the request',
) {}
/** This server does not know the operation, or has it turned off (TTLs, for one). */
export class UnimplementedError extends refusal(
  'UnimplementedError',
  ErrorCode.unimplemented,
  'this server does not know the operation, or has it turned off',
) {}
/** The server gave up on the request. */
export class OperationTimeoutError extends refusal(
  'OperationTimeoutError',
  ErrorCode.operationTimeout,
  'the server gave up waiting',
) {}
/** The request makes no sense to the server: a bad path, a bad flag, a TTL out of range. */
export class BadArgumentsError extends refusal(
  'BadArgumentsError',
  ErrorCode.badArguments,
  'the server refuses the arguments',
) {}
/** No quorum of the proposed members is connected and up to date. */
export class NewConfigNoQuorumError extends refusal(
  'NewConfigNoQuorumError',
  ErrorCode.newConfigNoQuorum,
  'no quorum of the new members is in step with the leader',
) {}
/** Another reconfiguration is under way. */
export class ReconfigInProgressError extends refusal(
  'ReconfigInProgressError',
  ErrorCode.reconfigInProgress,
  'another reconfiguration is under way',
) {}
/** The server does not know the session. */
export class UnknownSessionError extends refusal(
  'UnknownSessionError',
  ErrorCode.unknownSession,
  'the server does not know the session',
) {}
/** The server's interface failed. */
export class ApiError extends refusal('ApiError', ErrorCode.apiError, 'the server failed') {}
/** There is no such znode; for a create, no such parent. */
export class NoNodeError extends refusal('NoNodeError', ErrorCode.noNode, 'no such znode') {}
/** The znode's ACL does not let this client do that. */
export class NoAuthError extends refusal('NoAuthError', ErrorCode.noAuth, 'not permitted by the ACL') {}
/** The znode's version is not the one that the request expects. */
export class BadVersionError extends refusal(
  'BadVersionError',
  ErrorCode.badVersion,
  'the znode has another version than the one expected',
) {}
/** An ephemeral znode has no children. */
export class NoChildrenForEphemeralsError extends refusal(
  'NoChildrenForEphemeralsError',
  ErrorCode.noChildrenForEphemerals,
  'an ephemeral znode cannot have children',
) {}
/** The znode is there already. */
export class NodeExistsError extends refusal('NodeExistsError', ErrorCode.nodeExists, 'the znode exists already') {}
/** A znode with children cannot be deleted. */
export class NotEmptyError extends refusal('NotEmptyError', ErrorCode.notEmpty, 'the znode has children') {}
/** The callback makes no sense. */
export class InvalidCallbackError extends refusal(
  'InvalidCallbackError',
  ErrorCode.invalidCallback,
  'the callback is invalid',
) {}
/** The ACL is empty, malformed, or names a scheme that the server does not know. */
export class InvalidAclError extends refusal('InvalidAclError', ErrorCode.invalidAcl, 'the server refuses the ACL') {}
/** The server refuses the credentials. */
export class AuthFailedError extends refusal(
  'AuthFailedError',
  ErrorCode.authFailed,
  'the server refuses the credentials',
) {}
/** The session lives on another connection by now. */
export class SessionMovedError extends refusal(
  'SessionMovedError',
  ErrorCode.sessionMoved,
  'the session has moved to another connection',
) {}
/** The server has no quorum and answers reads only. */
export class NotReadOnlyError extends refusal(
  'NotReadOnlyError',
  ErrorCode.notReadOnly,
  'this server is read-only: it has no quorum',
) {}
/** A local session cannot own ephemeral znodes. */
export class EphemeralOnLocalSessionError extends refusal(
  'EphemeralOnLocalSessionError',
  ErrorCode.ephemeralOnLocalSession,
  'a local session cannot own ephemeral znodes',
) {}
/** The server has no such watch of this client. */
export class NoWatcherError extends refusal('NoWatcherError', ErrorCode.noWatcher, 'no such watch') {}
/** The server took too long over the request. */
export class RequestTimeoutError extends refusal(
  'RequestTimeoutError',
  ErrorCode.requestTimeout,
  'the request took too long',
) {}
/** Reconfiguration is turned off on the server. */
export class ReconfigDisabledError extends refusal(
  'ReconfigDisabledError',
  ErrorCode.reconfigDisabled,
  'reconfiguration is turned off',
) {}
/** The server takes in nothing without SASL authentication. */
export class SaslRequiredError extends refusal(
  'SaslRequiredError',
  ErrorCode.sessionClosedRequireSaslAuth,
  'the server requires SASL authentication',
) {}
/** The subtree's quota would be exceeded. */
export class QuotaExceededError extends refusal(
  'QuotaExceededError',
  ErrorCode.quotaExceeded,
  'the quota of the subtree would be exceeded',
) {}
/** The server has too much to do and refused the request untried. */
export class ThrottledError extends refusal('ThrottledError', ErrorCode.throttledOp, 'the server is overloaded') {}
