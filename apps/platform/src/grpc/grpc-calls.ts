import { type Metadata, Metadata as GrpcMetadata } from '@grpc/grpc-js';
import { PROBLEMS, ProblemError } from '../errors/problem.js';
import { problemOf } from '../errors/problem-of.js';
import { requestIdOf } from '../http/request-id.js';
import { validateInput } from '../input/validate-input.js';
import type { PlatformParts } from '../platform-parts.js';
import { type Caller, EVERYBODY, type Role, type Subject } from '../security/access.js';

/** What of a call is needed to answer it. */
export interface GrpcCall {
  readonly metadata: Metadata;
  getPeer(): string;
}

/** An error in the form that grpc-js sends. */
export interface GrpcStatus extends Error {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** What every gRPC call goes through: who is calling, how much he may do, whether his input is right; and its errors on the way out. */
export class GrpcCalls {
  readonly #parts: Pick<PlatformParts, 'authenticator' | 'reads' | 'writes' | 'metrics' | 'log'>;

  constructor(parts: Pick<PlatformParts, 'authenticator' | 'reads' | 'writes' | 'metrics' | 'log'>) {
    this.#parts = parts;
  }

  /** Lets a call in. @throws ProblemError */
  admit(call: GrpcCall, role: Role, subject: Subject): Caller {
    const { authenticator, reads, writes } = this.#parts;
    const authorization = call.metadata.get('authorization')[0];
    const caller = authenticator.identify(authorization === undefined ? undefined : String(authorization));
    const who = caller === EVERYBODY ? call.getPeer() : caller.name;
    const waitMs = (role === 'reader' ? reads : writes).take(who, performance.now());
    if (waitMs > 0) throw new ProblemError('too-many-requests', `too many requests; try again in ${waitMs} ms`);
    authenticator.authorize(caller, role, subject);
    return caller;
  }

  /** The message as an instance of its class. Proto3 says "not set" as an empty value. @throws ProblemError */
  input<T extends object>(inputClass: new () => T, message: object): T {
    return validateInput(inputClass, withoutEmpty(message));
  }

  /** Runs the work of a call; counts how it ended, and turns what it throws into a status. */
  async run<T>(method: string, call: GrpcCall, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#parts.metrics.grpcCall(method, 'OK');
      return result;
    } catch (error) {
      throw this.status(method, call, error);
    }
  }

  /** The status for an error. */
  status(method: string, call: GrpcCall, error: unknown): GrpcStatus {
    const problem = problemOf(error);
    const requestId = requestIdOf(String(call.metadata.get('x-request-id')[0] ?? ''));
    const { metrics, log } = this.#parts;
    metrics.grpcCall(method, problem.kind);
    if (problem.kind === 'internal-error')
      log.error({ requestId, method, err: problem.cause ?? error }, 'a bug failed a call');
    const metadata = new GrpcMetadata();
    metadata.set('corral-problem-bin', Buffer.from(JSON.stringify(problem.toDocument(requestId))));
    metadata.set('x-request-id', requestId);
    return Object.assign(new Error(problem.detail), {
      code: PROBLEMS[problem.kind].grpc,
      details: problem.detail,
      metadata,
    });
  }
}

/** What proto3 cannot tell from "not set", taken for it: empty texts, empty maps and lists, and unset parts. */
function withoutEmpty(message: object): object {
  return Object.fromEntries(
    Object.entries(message)
      .filter(([, value]) => !isEmpty(value))
      .map(([key, value]) => [key, cleaned(value)]),
  );
}

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleaned);
  return typeof value === 'object' && value !== null ? withoutEmpty(value) : value;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
