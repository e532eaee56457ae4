/** Long polls, for those who can read no stream. */
import type { HttpReply } from '../http/exchange.js';
import { WatcherGoneError } from './event-stream.js';
import type { Feed } from './feed.js';
import type { OpenStreams } from './open-streams.js';

/** What a long poll says. */
export interface LongPoll {
  /** The revision that the caller has. */
  readonly index: string;
  readonly waitMs: number;
}

/** Waits until the feed, which is ready, is past the caller's index, the time is over or the caller is gone; whether something changed. */
export async function waitForChange(
  feed: Feed,
  poll: LongPoll,
  reply: HttpReply,
  streams: OpenStreams,
): Promise<boolean> {
  if (feed.since(poll.index).length > 0) return true;
  const stream = streams.enter();
  stream.isFor(reply.request.caller);
  const gone = (): void => stream.abort(new WatcherGoneError());
  const timer = setTimeout(() => stream.abort(new TimeIsOver()), poll.waitMs);
  reply.raw.once('close', gone);
  try {
    await feed.changed(stream.signal);
    return true;
  } catch (error) {
    if (error instanceof TimeIsOver) return false;
    throw error;
  } finally {
    clearTimeout(timer);
    reply.raw.off('close', gone);
    stream.leave();
  }
}

class TimeIsOver extends Error {
  override readonly name = 'TimeIsOver';
}
