import type { Socket } from 'node:net';
import { ProblemError } from '../errors/problem.js';

/** Answers bytes that are no HTTP request, or none that Node reads, and hangs up. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  // Nobody is left to be told, or an answer is under way that this would end up in.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const problem = problemBehind(error.code);
  const text = JSON.stringify(problem.toDocument(undefined));
  socket.end(
    `HTTP/1.1 ${problem.status} Bad Request\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}

function problemBehind(code: string | undefined): ProblemError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ProblemError('malformed-request', 'the path and the headers are longer than 16 KiB together');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ProblemError('malformed-request', 'the request did not come to its end in time');
    default:
      return new ProblemError('malformed-request', `this is no HTTP request (${code ?? 'unknown'})`);
  }
}
