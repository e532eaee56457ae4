import { ErrorCode } from '@corral/model';

/** The connection broke before the answer came: whether the write was done is unknown. Reads are sent again by the client instead. */
export class ConnectionLossError extends Error {
  override readonly name = 'ConnectionLossError';
  readonly code = ErrorCode.connectionLoss;

  constructor(
    readonly operation: string,
    readonly path: string | undefined,
    options?: ErrorOptions,
  ) {
    super(`${describe(operation, path)}: the connection was lost, the outcome is unknown`, options);
  }
}

/** The session ended, or must be presumed to have ended, before the answer came. Its ephemeral znodes are gone or will go. */
export class SessionExpiredError extends Error {
  override readonly name = 'SessionExpiredError';
  readonly code = ErrorCode.sessionExpired;

  constructor(
    readonly operation: string,
    readonly path: string | undefined,
    options?: ErrorOptions,
  ) {
    super(`${describe(operation, path)}: the session has ended`, options);
  }
}

/** The client was closed by its owner; it takes no more requests. */
export class ClientClosedError extends Error {
  override readonly name = 'ClientClosedError';

  constructor(operation: string, options?: ErrorOptions) {
    super(`${operation}: the client is closed`, options);
  }
}

/** So many requests wait for their answers that no more are taken. */
export class TooManyRequestsError extends Error {
  override readonly name = 'TooManyRequestsError';

  constructor(readonly requestsOutstandingMax: number) {
    super(`${requestsOutstandingMax} requests are outstanding already (requestsOutstandingMax)`);
  }
}

/** So many watches stand that no more are set: most likely watchers are added again and again and never removed. */
export class TooManyWatchesError extends Error {
  override readonly name = 'TooManyWatchesError';

  constructor(
    readonly path: string,
    readonly watchesMax: number,
  ) {
    super(`watch ${path}: ${watchesMax} watches stand already; remove those that nobody needs, or raise watchesMax`);
  }
}

/** The request is larger than servers take (their `jute.maxbuffer`); it was not sent. */
export class RequestTooLargeError extends Error {
  override readonly name = 'RequestTooLargeError';

  constructor(
    readonly operation: string,
    readonly path: string | undefined,
    readonly sizeBytes: number,
    readonly requestSizeBytesMax: number,
  ) {
    super(
      `${describe(operation, path)}: ${sizeBytes} bytes are more than the ${requestSizeBytesMax} that a server takes`,
    );
  }
}

/** The path cannot name a znode. */
export class InvalidPathError extends Error {
  override readonly name = 'InvalidPathError';

  constructor(
    readonly path: string,
    fault: string,
  ) {
    super(`${JSON.stringify(path)} is not a path: ${fault}`);
  }
}

/** An option of the client is not what it should be. */
export class InvalidOptionError extends Error {
  override readonly name = 'InvalidOptionError';

  constructor(
    readonly option: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${option}: ${problem}`, options);
  }
}

function describe(operation: string, path: string | undefined): string {
  return path === undefined ? operation : `${operation} ${path}`;
}
