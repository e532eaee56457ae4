import { type Metadata, Metadata as GrpcMetadata } from '@grpc/grpc-js';
import { PROBLEMS, ProblemError } from '../errors/problem.js';
import { problemOf } from '../errors/problem-of.js';
import { requestIdOf } from '../http/request-id.js';
import { validateInput } from '../input/validate-input.js';
import type { PlatformParts } from '../platform-parts.js';
import { type Caller, EVERYBODY, type Role, type Subject } from '../security/access.js';
import { StreamBrokenError } from './stream-broken-error.js';

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

/** A call that only looks leaves a line in the log when somebody wants to know. */
const READS: ReadonlySet<string> = new Set([
  'config.Get',
  'config.Watch',
  'config.Subscribe',
  'registry.List',
  'registry.Watch',
]);

/** A call under way. */
interface Underway {
  readonly requestId: string;
  readonly startedAtMs: number;
  caller: Caller;
}

/**
 * What every gRPC call goes through: who is calling, how much he may do, whether his input is right; at its end a log line and a figure;
 * and its errors on the way out.
 */
export class GrpcCalls {
  readonly #parts: Pick<PlatformParts, 'authenticator' | 'reads' | 'writes' | 'metrics' | 'log'>;

  readonly #underway = new WeakMap<object, Underway>();

  constructor(parts: Pick<PlatformParts, 'authenticator' | 'reads' | 'writes' | 'metrics' | 'log'>) {
    this.#parts = parts;
  }

  /** Lets a call in. @throws ProblemError */
  admit(call: GrpcCall, role: Role, subject: Subject): Caller {
    const { authenticator, reads, writes } = this.#parts;
    const authorization = call.metadata.get('authorization')[0];
    const caller = authenticator.identify(authorization === undefined ? undefined : String(authorization));
    this.#of(call).caller = caller;
    const who = caller === EVERYBODY ? addressIn(call.getPeer()) : caller.name;
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
    this.#of(call);
    try {
      const result = await work();
      this.ended(method, call);
      return result;
    } catch (error) {
      throw this.status(method, call, error);
    }
  }

  /** Watches over a stream that writes and ends itself; an error becomes its status. */
  serve(method: string, call: GrpcCall & NodeJS.EventEmitter, work: Promise<void>): void {
    work.then(
      () => this.ended(method, call),
      (error: unknown) => {
        // Nobody is left to be told of a broken stream.
        if (error instanceof StreamBrokenError) this.ended(method, call, 'cancelled');
        else call.emit('error', this.status(method, call, error));
      },
    );
  }

  /** The call has come to its end. */
  ended(method: string, call: GrpcCall, code = 'OK'): void {
    const { metrics, log } = this.#parts;
    metrics.grpcCall(method, code);
    const level = SERIOUS.has(code) ? 'warn' : READS.has(method) ? 'debug' : 'info';
    if (!log.isLevelEnabled(level)) return;
    const { requestId, caller, startedAtMs } = this.#of(call);
    const durationMs = Math.round((performance.now() - startedAtMs) * 10) / 10;
    log[level]({ requestId, caller: caller.name, method, code, durationMs }, 'call');
  }

  /** The status for an error. */
  status(method: string, call: GrpcCall, error: unknown): GrpcStatus {
    const problem = problemOf(error);
    const { requestId } = this.#of(call);
    if (problem.kind === 'internal-error') {
      this.#parts.log.error({ requestId, method, err: problem.cause ?? error }, 'a bug failed a call');
    }
    this.ended(method, call, problem.kind);
    const metadata = new GrpcMetadata();
    metadata.set('corral-problem-bin', Buffer.from(JSON.stringify(problem.toDocument(requestId))));
    metadata.set('x-request-id', requestId);
    return Object.assign(new Error(problem.detail), {
      code: PROBLEMS[problem.kind].grpc,
      details: problem.detail,
      metadata,
    });
  }

  #of(call: GrpcCall): Underway {
    let underway = this.#underway.get(call);
    if (underway === undefined) {
      const requestId = requestIdOf(String(call.metadata.get('x-request-id')[0] ?? ''));
      underway = { requestId, startedAtMs: performance.now(), caller: EVERYBODY };
      this.#underway.set(call, underway);
    }
    return underway;
  }
}

/** Problems that are the platform's or the ensemble's, not the caller's. */
const SERIOUS: ReadonlySet<string> = new Set(
  Object.entries(PROBLEMS).flatMap(([kind, { status }]) => (status >= 500 ? [kind] : [])),
);

/** Where a caller is, without the port that his connection happens to have: `10.0.0.7:41234`, `[::1]:41234`. */
function addressIn(peer: string): string {
  return peer.replace(/:\d+$/, '');
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
