import type { ProblemError } from '../errors/problem.js';
import type { HttpReply } from './exchange.js';

/** Answers with a problem document; a reply that has begun can only be cut off. */
export function sendProblem(reply: HttpReply, problem: ProblemError): void {
  if (reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  void reply
    .code(problem.status)
    .headers(problem.extras.headers ?? {})
    .header('Content-Type', 'application/problem+json; charset=utf-8')
    .header('Cache-Control', 'no-store')
    .send(JSON.stringify(problem.toDocument(reply.request.id)));
}
