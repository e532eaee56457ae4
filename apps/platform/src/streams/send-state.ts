import type { HttpReply } from '../http/exchange.js';
import type { FeedEvent } from './feed.js';

/** Answers with a state that is serialized already. What was last known is served while the ensemble is away, and said so. */
export function sendState(reply: HttpReply, state: Pick<FeedEvent, 'revision' | 'text'>, isCurrent: boolean): void {
  reply.setHeader('Content-Type', 'application/json; charset=utf-8');
  reply.setHeader('Cache-Control', 'no-store');
  reply.setHeader('X-Corral-Index', state.revision);
  if (!isCurrent) reply.setHeader('X-Corral-Stale', 'true');
  reply.end(state.text);
}
