import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from 'pino';
import { problemOf } from '../errors/problem-of.js';
import { ProblemError } from '../errors/problem.js';
import type { HttpReply, HttpRequest } from './exchange.js';
import type { RouteTable } from './route-table.js';
import { sendProblem } from './send-problem.js';

/** Turns whatever was thrown into a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Logger;
  readonly #routes: () => RouteTable;

  constructor(log: Logger, routes: () => RouteTable) {
    this.#log = log;
    this.#routes = routes;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const problem = this.#notRouted(error, request) ?? problemOf(error);
    if (problem.kind === 'internal-error') {
      this.#log.error({ requestId: request.requestId, err: problem.cause ?? error }, 'a bug failed a request');
    }
    sendProblem(http.getResponse<HttpReply>(), problem, request.requestId);
  }

  /** Nest throws its own 404 when no route fits; another method may fit the same path. */
  #notRouted(error: unknown, request: HttpRequest): ProblemError | undefined {
    if (
      !(error instanceof Error) ||
      !('getStatus' in error) ||
      (error as { getStatus(): number }).getStatus() !== 404
    ) {
      return undefined;
    }
    const methods = this.#routes().methodsOf(request.path);
    if (methods.length === 0)
      return new ProblemError('not-found', `there is no ${request.path} here; /docs lists what there is`);
    const allow = methods.join(', ');
    return new ProblemError('method-not-allowed', `${request.path} takes ${allow}, not ${request.method ?? ''}`, {
      headers: { Allow: allow },
    });
  }
}
