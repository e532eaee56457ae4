import { ProblemError } from './problem.js';

/** What the reading of a request throws: an HttpException of Nest's, or an error of body-parser's. */
interface HttpError extends Error {
  readonly status?: number;
  readonly type?: string;
  readonly limit?: number;
  getStatus?(): number;
}

/** The problem behind an error of the HTTP machinery; `undefined` when it is not one. */
export function httpProblem(error: unknown): ProblemError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { type, limit, message } = error as HttpError;
  const status = (error as HttpError).getStatus?.() ?? (error as HttpError).status;
  switch (status) {
    case 400: {
      const field = error instanceof URIError || message.includes('decode param') ? 'path' : 'body';
      return new ProblemError('malformed-body', `the ${field} cannot be read: ${message}`, {
        errors: [{ field, message }],
        cause: error,
      });
    }
    case 404:
      return new ProblemError('not-found', 'there is nothing at this path', { cause: error });
    case 413: {
      const rule = limit === undefined ? 'is too large' : `must have at most ${limit} bytes`;
      return new ProblemError('too-large', `the body ${rule}`, {
        errors: [{ field: 'body', message: rule }],
        cause: error,
      });
    }
    case 415:
      return new ProblemError('unsupported-media-type', `the body cannot be read: ${type ?? message}`, {
        cause: error,
      });
    default:
      return undefined;
  }
}
