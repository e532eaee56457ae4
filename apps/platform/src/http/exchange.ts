/** A request and the reply to it as controllers see them: Fastify's, with who is calling. `request.id` is its id in logs and problems. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../security/access.js';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
  }
}

/** A request; every part of its path that is a parameter is a text. */
export type HttpRequest = FastifyRequest<{ Params: Readonly<Record<string, string>> }>;

/** The reply to it. */
export type HttpReply = FastifyReply;

/** The path that was asked for, without its query. */
export function pathOf({ url }: HttpRequest): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}
