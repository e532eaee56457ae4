/** What can go wrong towards a caller: one table for HTTP (RFC 9457) and gRPC. */

/** Kinds of problems: the status and title of HTTP, and the code of gRPC. */
export const PROBLEMS = {
  'invalid-input': { status: 400, title: 'The input is not valid', grpc: 3 },
  'malformed-request': { status: 400, title: 'The request cannot be read', grpc: 3 },
  unauthenticated: { status: 401, title: 'Who is calling?', grpc: 16 },
  forbidden: { status: 403, title: 'Not allowed', grpc: 7 },
  'not-found': { status: 404, title: 'There is no such thing', grpc: 5 },
  'method-not-allowed': { status: 405, title: 'Not this method', grpc: 12 },
  conflict: { status: 409, title: 'Somebody was faster', grpc: 10 },
  'too-large': { status: 413, title: 'Too large', grpc: 8 },
  'unsupported-media-type': { status: 415, title: 'The body is of the wrong type', grpc: 3 },
  'not-valid-configuration': { status: 422, title: 'The configuration is not valid', grpc: 9 },
  'too-many-requests': { status: 429, title: 'Too many requests', grpc: 8 },
  'internal-error': { status: 500, title: 'A bug of the platform', grpc: 13 },
  'ensemble-refused': { status: 502, title: 'The ensemble refused', grpc: 9 },
  'ensemble-away': { status: 503, title: 'The ensemble is away', grpc: 14 },
  'outcome-unknown': { status: 503, title: 'The outcome of the write is not known', grpc: 14 },
  stopping: { status: 503, title: 'The platform is stopping', grpc: 14 },
  'key-missing': { status: 503, title: 'An encryption key is missing here', grpc: 9 },
} as const;

/** A kind of problem. */
export type ProblemKind = keyof typeof PROBLEMS;

/** One field that is wrong. */
export interface FieldProblem {
  /** As the caller writes it: `changes[2].name`, `query.wait`. */
  readonly field: string;
  /** What would be right. */
  readonly message: string;
}

/** What goes with a problem. */
export interface ProblemExtras {
  readonly errors?: readonly FieldProblem[];
  /** More members of the problem document, such as the release that stands now. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A problem on its way to the caller. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly kind: ProblemKind,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail, extras.cause === undefined ? undefined : { cause: extras.cause });
  }

  get status(): number {
    return PROBLEMS[this.kind].status;
  }

  /** The problem document of RFC 9457. */
  toDocument(requestId: string | undefined): Record<string, unknown> {
    const { status, title } = PROBLEMS[this.kind];
    const { errors, members } = this.extras;
    return {
      type: `urn:corral:problem:${this.kind}`,
      title,
      status,
      detail: this.detail,
      ...(errors === undefined ? {} : { errors }),
      ...members,
      ...(requestId === undefined ? {} : { requestId }),
    };
  }
}

/** A problem with one field. */
export function invalidField(field: string, message: string): ProblemError {
  return new ProblemError('invalid-input', `${field} ${message}`, { errors: [{ field, message }] });
}
