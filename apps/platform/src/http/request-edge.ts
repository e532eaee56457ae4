import type { Logger } from 'pino';
import { problemOf } from '../errors/problem-of.js';
import { ProblemError } from '../errors/problem.js';
import type { PlatformMetrics } from '../metrics/platform-metrics.js';
import { EVERYBODY } from '../security/access.js';
import type { Authenticator } from '../security/authenticator.js';
import type { HttpReply, HttpRequest } from './exchange.js';
import type { RateLimiter } from './rate-limiter.js';
import { checkBodyType } from './json-body.js';
import { sendProblem } from './send-problem.js';

/** What the edge works with. */
export interface RequestEdgeParts {
  readonly authenticator: Authenticator;
  readonly reads: RateLimiter;
  readonly writes: RateLimiter;
  readonly metrics: PlatformMetrics;
  readonly log: Logger;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** Whoever asks for these routes needs no token: health is for those who restart, the documentation is no secret. */
const OPEN_ROUTES = /^\/($|health\/|docs(\/|$)|openapi\.json$)/;
const READS: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What every request goes through before its route: an id, who is calling, how much he may do, and at its end a log line and figures. */
export class RequestEdge {
  readonly #parts: RequestEdgeParts;

  constructor(parts: RequestEdgeParts) {
    this.#parts = parts;
  }

  /** A hook of Fastify's, for when a request has found its route. */
  readonly handle = (request: HttpRequest, reply: HttpReply, next: () => void): void => {
    const { nowMs } = this.#parts;
    const startedAtMs = nowMs();
    request.caller = EVERYBODY;
    reply.header('X-Request-Id', request.id);
    reply.raw.once('close', () => this.#account(request, reply, nowMs() - startedAtMs));
    try {
      if (!OPEN_ROUTES.test(routeOf(request))) this.#admit(request, startedAtMs);
    } catch (error) {
      sendProblem(reply, problemOf(error));
      return;
    }
    next();
  };

  #admit(request: HttpRequest, nowMs: number): void {
    const { authenticator, reads, writes } = this.#parts;
    request.caller = authenticator.identify(request.headers.authorization);
    const who = request.caller === EVERYBODY ? request.ip : request.caller.name;
    const waitMs = (READS.has(request.method) ? reads : writes).take(who, nowMs);
    if (waitMs > 0) throw tooManyRequests(waitMs);
    checkBodyType(request.headers);
  }

  #account(request: HttpRequest, reply: HttpReply, durationMs: number): void {
    const { metrics, log } = this.#parts;
    const status = reply.raw.statusCode;
    metrics.httpRequest(request.method, routeOf(request), status, durationMs);
    const level = status >= 500 ? 'warn' : READS.has(request.method) ? 'debug' : 'info';
    if (!log.isLevelEnabled(level)) return;
    log[level](
      {
        requestId: request.id,
        caller: request.caller.name,
        method: request.method,
        url: request.url,
        status,
        durationMs: Math.round(durationMs * 10) / 10,
        // The caller hung up before the reply was complete, as those who watch do.
        ...(reply.raw.writableFinished ? {} : { cut: true }),
      },
      'request',
    );
  }
}

function tooManyRequests(waitMs: number): ProblemError {
  const seconds = Math.ceil(waitMs / 1000);
  return new ProblemError('too-many-requests', `too many requests; try again in ${seconds} s`, {
    headers: { 'Retry-After': String(seconds) },
  });
}

/** The pattern of the path; `none` when there is nothing at it. */
function routeOf({ routeOptions: { url } }: HttpRequest): string {
  return url ?? 'none';
}
