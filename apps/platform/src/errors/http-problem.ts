import { ProblemError } from './problem.js';

/** What the reading of a request throws: an HttpException of Nest's, or an error of Fastify's. */
interface HttpError extends Error {
  readonly code?: string;
  readonly statusCode?: number;
  getStatus?(): number;
}

/** The problem behind an error of the HTTP machinery; `undefined` when it is not one. */
export function httpProblem(error: unknown): ProblemError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, statusCode, message } = error as HttpError;
  if (code === 'FST_ERR_BAD_URL') return unreadable('path', 'must be UTF-8, percent-encoded', error);
  const status = (error as HttpError).getStatus?.() ?? statusCode ?? 500;
  if (status < 400 || status > 499) return undefined;
  // 403 is the word of what serves the documentation for files that are none of it.
  if (status === 403 || status === 404) {
    return new ProblemError('not-found', 'there is nothing at this path', { cause: error });
  }
  return unreadable('body', `cannot be read: ${message}`, error);
}

function unreadable(field: string, message: string, cause: Error): ProblemError {
  return new ProblemError('malformed-request', `the ${field} ${message}`, { errors: [{ field, message }], cause });
}
