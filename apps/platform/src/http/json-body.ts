import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../errors/problem.js';

const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i;
const UTF_8 = /;\s*charset\s*=\s*"?utf-?8"?/i;

/** Reads bodies as JSON, whatever is in them: that fields exist, and what they are called, is checked where they are put into their class. */
export function readJsonBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(JSON_TYPE, { parseAs: 'string' }, (_request, text: string, done) => {
    try {
      done(null, text === '' ? undefined : JSON.parse(text));
    } catch (cause) {
      const message = `is no JSON: ${(cause as Error).message}`;
      done(
        new ProblemError('malformed-request', `the body ${message}`, { errors: [{ field: 'body', message }], cause }),
      );
    }
  });
}

/** Refuses a body that would not be understood. @throws ProblemError */
export function checkBodyType(headers: Readonly<Record<string, string | string[] | undefined>>): void {
  if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0) return;
  const type = String(headers['content-type'] ?? '');
  const encoding = headers['content-encoding'] ?? 'identity';
  if (!JSON_TYPE.test(type) || (/charset/i.test(type) && !UTF_8.test(type))) {
    throw unsupported('the body must be JSON in UTF-8: Content-Type: application/json');
  }
  if (encoding !== 'identity') throw unsupported('the body must not be compressed: no Content-Encoding');
}

function unsupported(detail: string): ProblemError {
  return new ProblemError('unsupported-media-type', detail, { headers: { Accept: 'application/json' } });
}
