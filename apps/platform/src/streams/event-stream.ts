/** Server-sent events. */
import { once } from 'node:events';
import { ProblemError } from '../errors/problem.js';
import type { HttpReply, HttpRequest } from '../http/exchange.js';
import { type Feed, type FeedEvent, follow } from './feed.js';
import type { OpenStreams } from './open-streams.js';

/** A comment now and then tells proxies and the watcher that the stream lives. */
const HEARTBEAT_MS = 15_000;
/** How long a watcher whose stream broke waits before he comes again. */
const RETRY_MS = 1_000;

/** A watch over HTTP. */
export interface EventStream {
  readonly reply: HttpReply;
  readonly streams: OpenStreams;
  /** Where the watcher stands; without it he is told everything. */
  readonly from: string | undefined;
  /** Aborts when the session with the ensemble that the watcher is known by is lost: the stream ends, and he comes again by himself. */
  readonly until?: AbortSignal | undefined;
}

/** The last event that a watcher has seen, when he comes again. */
export function lastSeenBy({ headers }: HttpRequest): string | undefined {
  const lastSeen = headers['last-event-id'];
  return typeof lastSeen === 'string' ? lastSeen : undefined;
}

/** Sends the events of a feed until the watcher goes or the platform stops. A problem before the first event is thrown. */
export async function sendEvents(feed: Feed, { reply, streams, from, until }: EventStream): Promise<void> {
  const stream = streams.enter();
  stream.isFor(reply.request.caller);
  const gone = (): void => stream.abort(new WatcherGoneError());
  const over = (): void => stream.abort(sessionLost());
  const { raw } = reply;
  raw.once('close', gone);
  until?.addEventListener('abort', over, { once: true });
  if (until?.aborted === true) over();
  let heartbeat: NodeJS.Timeout | undefined;
  try {
    await feed.ready(stream.signal);
    begin(reply);
    // Whoever asks for the head of a stream has it.
    if (reply.request.method === 'HEAD') return;
    heartbeat = setInterval(() => {
      // What waits for the watcher tells him as much.
      if (!raw.writableNeedDrain) raw.write(': alive\n\n');
    }, HEARTBEAT_MS);
    for await (const event of follow(feed, from, stream.signal)) {
      // Whoever does not take what he gets is given nothing more until he does.
      if (!raw.write(eventText(event))) await once(raw, 'drain', { signal: stream.signal });
    }
  } catch (error) {
    if (!raw.headersSent) throw error;
  } finally {
    clearInterval(heartbeat);
    stream.leave();
    raw.off('close', gone);
    until?.removeEventListener('abort', over);
    if (raw.headersSent) raw.end();
  }
}

/** Nobody is left to be told. */
export class WatcherGoneError extends Error {
  override readonly name = 'WatcherGoneError';
}

function sessionLost(): ProblemError {
  return new ProblemError('ensemble-away', 'the session with the ensemble was lost; watch again');
}

function begin(reply: HttpReply): void {
  // From here on it is ours: Fastify has no part in what is written when it comes about.
  reply.hijack();
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Readonly<Record<string, string>>),
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // Proxies such as nginx would wait for more.
    'X-Accel-Buffering': 'no',
  });
  reply.raw.write(`retry: ${RETRY_MS}\n\n`);
}

function eventText({ revision, kind, text }: FeedEvent): string {
  return `id: ${revision}\nevent: ${kind}\ndata: ${text}\n\n`;
}
