import type { HostedSubscribers } from '@corral/live-config';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { once } from 'node:events';
import type { ConfigFeeds, FeedTarget } from '../config/config-feeds.js';
import { acknowledgementOf, hostWatcher } from '../config/hosted-watch.js';
import type { Ensemble } from '../ensemble/ensemble.js';
import { ProblemError } from '../errors/problem.js';
import { type Feed, type FeedEvent, follow } from '../streams/feed.js';
import type { OpenStream, OpenStreams } from '../streams/open-streams.js';
import { AppliedInput, SubscribeInput, type TargetInput } from './config.input.js';
import type { GrpcCalls } from './grpc-calls.js';
import { StreamBrokenError } from './stream-broken-error.js';
import { unlessAborted } from './unless-aborted.js';

/** What a subscription stream works with. */
export interface SubscriptionStreamParts {
  readonly calls: GrpcCalls;
  readonly feeds: ConfigFeeds;
  readonly hosted: HostedSubscribers;
  readonly ensemble: Ensemble;
  readonly streams: OpenStreams;
  /** An event as the caller is told it. */
  readonly message: (event: FeedEvent) => object;
}

type Call = ServerDuplexStream<object, object>;

/** For whom a message asks. */
export function feedTargetOf({ namespace, application, profiles, instance, labels }: TargetInput): FeedTarget {
  return { namespace, application, profiles: profiles ?? [], instanceId: instance, labels: labels ?? {} };
}

/** A subscriber that is known while its stream is open: it is sent configurations, and says what came of them. */
export async function serveSubscription(call: Call, parts: SubscriptionStreamParts): Promise<void> {
  const stream = parts.streams.enter();
  const gone = (): void => stream.abort(new StreamBrokenError());
  call.once('cancelled', gone);
  // Not `for await`: leaving that would destroy the call, and with it the status that tells why.
  const messages = call[Symbol.asyncIterator]() as AsyncIterator<object>;
  try {
    const first = await unlessAborted(messages.next(), stream.signal);
    if (first.done !== true) await subscribe(call, { stream, messages, first: first.value }, parts);
    call.end();
  } finally {
    call.off('cancelled', gone);
    stream.leave();
  }
}

async function subscribe(
  call: Call,
  { stream, messages, first }: { stream: OpenStream; messages: AsyncIterator<object>; first: object },
  parts: SubscriptionStreamParts,
): Promise<void> {
  const { calls, feeds, hosted, ensemble } = parts;
  const { target } = calls.input(SubscribeInput, first);
  const subject = { kind: 'namespace', namespace: target.namespace } as const;
  stream.isFor(calls.admit(call, 'reader', subject));
  const feedTarget = feedTargetOf(target);
  const hosting = await ensemble.within(hostWatcher(hosted, feedTarget, 'target.instance'));
  // The caller comes again, and is asked again for what the lost record said.
  hosting.lost.addEventListener('abort', () => stream.abort(sessionLost()));
  try {
    await feeds.during(feedTarget, ensemble.deadline(), async (feed) => {
      const sent = sendAll(call, { feed, stream }, parts);
      // Each acknowledgement counts against the caller's rate.
      const admit = (): unknown => calls.admit(call, 'reader', subject);
      const heard = hearAll(messages, { feedTarget, stream, admit }, parts);
      await Promise.race([sent, heard]).finally(() => stream.abort(new StreamBrokenError()));
    });
  } finally {
    hosting.end();
  }
}

function sessionLost(): ProblemError {
  return new ProblemError('ensemble-away', 'the session with the ensemble was lost; subscribe again');
}

async function sendAll(
  call: Call,
  { feed, stream }: { feed: Feed; stream: OpenStream },
  { message }: SubscriptionStreamParts,
): Promise<void> {
  for await (const event of follow(feed, undefined, stream.signal)) {
    if (!call.write(message(event))) await once(call, 'drain', { signal: stream.signal });
  }
}

/** Until the caller ends his side. */
async function hearAll(
  messages: AsyncIterator<object>,
  { feedTarget, stream, admit }: { feedTarget: FeedTarget; stream: OpenStream; admit: () => unknown },
  { calls, hosted, ensemble }: SubscriptionStreamParts,
): Promise<void> {
  for (;;) {
    const next = await unlessAborted(messages.next(), stream.signal);
    if (next.done === true) return;
    admit();
    const { revision, error } = calls.input(AppliedInput, next.value).applied;
    const said = acknowledgementOf(revision, error);
    await ensemble.within(hosted.acknowledge(feedTarget, feedTarget.instanceId ?? '', said));
  }
}
