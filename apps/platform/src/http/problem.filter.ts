import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Logger } from 'pino';
import { problemOf } from '../errors/problem-of.js';
import { ProblemError } from '../errors/problem.js';
import { WatcherGoneError } from '../streams/event-stream.js';
import { type HttpReply, type HttpRequest, pathOf } from './exchange.js';
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
    if (error instanceof WatcherGoneError) {
      http.getResponse<HttpReply>().raw.destroy();
      return;
    }
    const status = error instanceof HttpException ? error.getStatus() : undefined;
    const problem = status === 404 ? this.#notRouted(request) : status === 413 ? tooLarge(request) : problemOf(error);
    if (problem.kind === 'internal-error') {
      this.#log.error({ requestId: request.id, err: problem.cause ?? error }, 'a bug failed a request');
    }
    sendProblem(http.getResponse<HttpReply>(), problem);
  }

  /** Nest throws its own 404 when no route fits; another method may fit the same path. */
  #notRouted(request: HttpRequest): ProblemError {
    const path = pathOf(request);
    const methods = this.#routes().methodsOf(path);
    if (methods.length === 0)
      return new ProblemError('not-found', `there is no ${path} here; /docs lists what there is`);
    const allow = methods.join(', ');
    return new ProblemError('method-not-allowed', `${path} takes ${allow}, not ${request.method}`, {
      headers: { Allow: allow },
    });
  }
}

function tooLarge({ routeOptions }: HttpRequest): ProblemError {
  const message = `must have at most ${routeOptions.bodyLimit} bytes`;
  return new ProblemError('too-large', `the body ${message}`, { errors: [{ field: 'body', message }] });
}
