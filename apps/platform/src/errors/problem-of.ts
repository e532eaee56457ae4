/** What callers are told of an error, whatever it was: the one place that knows every kind. */
import {
  AuthFailedError,
  ClientClosedError,
  ConnectionLossError,
  NoAuthError,
  QuotaExceededError,
  RequestTooLargeError,
  ServerError,
  SessionExpiredError,
  TooManyRequestsError,
} from '@corral/client';
import {
  ConflictError,
  IntegrityError,
  InvalidInputError,
  KeyMissingError,
  KeyRingError,
  NotFoundError,
  ParseError,
  RolloutActiveError,
  TooLargeError,
  ValidationError,
} from '@corral/live-config';
import { ProblemError, type ProblemExtras } from './problem.js';
import { httpProblem } from './http-problem.js';
import { registryProblem } from './registry-problem.js';

/** The problem behind an error. What is not known here is a bug, and its details are for the log alone. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  return (
    configProblem(error) ??
    registryProblem(error) ??
    ensembleProblem(error) ??
    httpProblem(error) ??
    new ProblemError('internal-error', 'the platform failed; its log has the details under this request id', {
      cause: error,
    })
  );
}

function configProblem(error: unknown): ProblemError | undefined {
  if (error instanceof InvalidInputError) return invalid(error.field, error.reason, error);
  if (error instanceof TooLargeError) {
    const extras = { errors: [{ field: error.field, message: `must be at most ${error.max}, not ${error.actual}` }] };
    return new ProblemError('too-large', error.message, { ...extras, cause: error });
  }
  if (error instanceof ParseError) {
    const message = `${error.reason} (line ${error.line}, column ${error.column})`;
    return new ProblemError('not-valid-configuration', error.message, {
      errors: [{ field: error.document, message }],
      cause: error,
    });
  }
  if (error instanceof ValidationError) {
    const errors = error.issues.map(({ document, path, message, profiles }) => ({
      field: `${document}${path}`,
      message: profiles.length === 0 ? message : `${message} (profiles ${profiles.join(',')})`,
    }));
    return new ProblemError('not-valid-configuration', error.message, { errors, cause: error });
  }
  if (error instanceof ConflictError) {
    const rollout = error instanceof RolloutActiveError ? { rolloutRelease: error.rolloutRelease } : {};
    const members = { currentRelease: error.current, documents: error.documents, ...rollout };
    return new ProblemError('conflict', error.message, { members, cause: error });
  }
  if (error instanceof NotFoundError) return new ProblemError('not-found', error.message, { cause: error });
  if (error instanceof KeyMissingError || error instanceof KeyRingError) {
    return new ProblemError('key-missing', error.message, { cause: error });
  }
  if (error instanceof IntegrityError) return new ProblemError('ensemble-refused', error.message, { cause: error });
  return undefined;
}

function invalid(field: string, message: string, cause: unknown): ProblemError {
  return new ProblemError('invalid-input', `${field} ${message}`, { errors: [{ field, message }], cause });
}

const TRY_AGAIN: ProblemExtras = { headers: { 'Retry-After': '1' } };

function ensembleProblem(error: unknown): ProblemError | undefined {
  if (error instanceof ConnectionLossError) {
    const detail = 'the connection to the ensemble broke before its answer; look whether the write was done';
    return new ProblemError('outcome-unknown', detail, { ...TRY_AGAIN, cause: error });
  }
  if (isAway(error)) {
    return new ProblemError('ensemble-away', 'the ensemble did not answer in time; it is away or has no quorum', {
      ...TRY_AGAIN,
      cause: error,
    });
  }
  if (error instanceof TooManyRequestsError) {
    return new ProblemError('too-many-requests', 'too much waits for the ensemble already', {
      ...TRY_AGAIN,
      cause: error,
    });
  }
  if (error instanceof RequestTooLargeError) return new ProblemError('too-large', error.message, { cause: error });
  if (error instanceof NoAuthError || error instanceof AuthFailedError || error instanceof QuotaExceededError) {
    return new ProblemError('ensemble-refused', error.message, { cause: error });
  }
  // Refusals that mean something to the caller were understood by the module; what is left tells of a tree that is not as it should be.
  if (error instanceof ServerError) return new ProblemError('ensemble-refused', error.message, { cause: error });
  return undefined;
}

function isAway(error: unknown): boolean {
  if (error instanceof SessionExpiredError || error instanceof ClientClosedError) return true;
  return error instanceof DOMException && error.name === 'TimeoutError';
}
