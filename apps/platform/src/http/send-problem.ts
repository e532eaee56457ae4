import type { ProblemError } from '../errors/problem.js';
import type { HttpReply } from './exchange.js';

/** Answers with a problem document; a reply that has begun can only be cut off. */
export function sendProblem(reply: HttpReply, problem: ProblemError, requestId: string | undefined): void {
  if (reply.headersSent) {
    reply.destroy();
    return;
  }
  const text = JSON.stringify(problem.toDocument(requestId));
  reply.statusCode = problem.status;
  for (const [name, value] of Object.entries(problem.extras.headers ?? {})) reply.setHeader(name, value);
  reply.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  reply.setHeader('Cache-Control', 'no-store');
  reply.end(text);
}
