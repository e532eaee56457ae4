import type { HttpReply } from '../http/exchange.js';
import type { FeedEvent } from './feed.js';

/** Answers with a state that is serialized already. What was last known is served while the ensemble is away, and said so. */
export function sendState(reply: HttpReply, state: Pick<FeedEvent, 'revision' | 'text'>, isCurrent: boolean): void {
  reply.header('Content-Type', 'application/json; charset=utf-8');
  reply.header('Cache-Control', 'no-store');
  reply.header('X-Corral-Index', state.revision);
  if (!isCurrent) reply.header('X-Corral-Stale', 'true');
  void reply.send(state.text);
}
