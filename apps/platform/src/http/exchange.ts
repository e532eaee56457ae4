import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../security/access.js';

/** A request as it arrives at controllers: Express's, with what the edge has found out. */
export interface HttpRequest extends IncomingMessage {
  /** The id of the request, for logs and for the caller. */
  requestId: string;
  caller: Caller;
  readonly path: string;
  readonly originalUrl: string;
  readonly params: Readonly<Record<string, string>>;
  readonly route?: { readonly path: string };
  readonly ip?: string;
}

/** The reply to it. */
export type HttpReply = ServerResponse<HttpRequest>;
