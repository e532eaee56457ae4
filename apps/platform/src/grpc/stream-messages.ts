import { once } from 'node:events';
import { Observable } from 'rxjs';
import { type Feed, type FeedEvent, follow } from '../streams/feed.js';
import type { OpenStream, OpenStreams } from '../streams/open-streams.js';

/** What of a server-streaming call is needed to write no faster than the caller reads. */
export interface StreamingCall {
  readonly cancelled: boolean;
  readonly writableNeedDrain: boolean;
  once(event: 'cancelled', listener: () => void): unknown;
  off(event: 'cancelled', listener: () => void): unknown;
}

/** How a feed becomes the messages of a call. */
export interface MessageStream<Message> {
  readonly streams: OpenStreams;
  readonly call: StreamingCall;
  /** Where the caller stands. */
  readonly from: string | undefined;
  readonly message: (event: FeedEvent) => Message;
  /** The caller hung up. */
  readonly ended: () => void;
  readonly failed: (error: unknown) => unknown;
}

/** The events of a feed as an observable, which Nest writes to the call. `use` holds the feed while it is followed. */
export function streamMessages<Message>(
  use: (stream: OpenStream, follow: (feed: Feed) => Promise<void>) => Promise<void>,
  { streams, call, from, message, ended, failed }: MessageStream<Message>,
): Observable<Message> {
  return new Observable((subscriber) => {
    const work = async (): Promise<void> => {
      const stream = streams.enter();
      const gone = (): void => stream.abort(new DOMException('the caller is gone', 'AbortError'));
      call.once('cancelled', gone);
      if (call.cancelled) gone();
      try {
        await use(stream, async (feed) => {
          for await (const event of follow(feed, from, stream.signal)) {
            subscriber.next(message(event));
            if (call.writableNeedDrain)
              await once(call as unknown as NodeJS.EventEmitter, 'drain', { signal: stream.signal });
          }
        });
      } finally {
        call.off('cancelled', gone);
        stream.leave();
      }
    };
    work().then(
      () => subscriber.complete(),
      (error: unknown) => {
        // A caller who hung up is no failure, and nobody is left to be told.
        if (call.cancelled) {
          ended();
          subscriber.complete();
        } else subscriber.error(failed(error));
      },
    );
  });
}
