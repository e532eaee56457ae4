import type { Scope } from '../names.js';
import type { AcknowledgementReport, SubscriberInfo } from './types.js';

/** Names listed in one report; the counts tell of all. */
const NAMES_MAX = 100;

/** What a subscriber made of a release. */
export type Answer = 'acknowledged' | 'failed' | 'lagging';

/** What a subscriber says of a release of a scope. Having a newer one is having it; refusing a newer one is refusing it. */
export function answerOf(subscriber: SubscriberInfo, scope: Scope, release: number): Answer {
  const of = (at: { readonly release: number; readonly defaultsRelease: number }): number =>
    scope.application === undefined ? at.defaultsRelease : at.release;
  if (of(subscriber) >= release) return 'acknowledged';
  return subscriber.failed !== undefined && of(subscriber.failed) >= release ? 'failed' : 'lagging';
}

/** Sums the answers up. A share of nobody is reached. */
export function reportOf(
  scope: Scope,
  release: number,
  subscribers: readonly SubscriberInfo[],
  share: number,
): AcknowledgementReport {
  const lagging: string[] = [];
  const failed: { instanceId: string; error: string }[] = [];
  for (const subscriber of subscribers) {
    const answer = answerOf(subscriber, scope, release);
    if (answer === 'lagging') lagging.push(subscriber.instanceId);
    if (answer === 'failed') failed.push({ instanceId: subscriber.instanceId, error: subscriber.failed!.error });
  }
  const acknowledged = subscribers.length - lagging.length - failed.length;
  return {
    release,
    subscribers: subscribers.length,
    acknowledged,
    reached: acknowledged >= share * subscribers.length,
    lagging: lagging.slice(0, NAMES_MAX),
    failed: failed.slice(0, NAMES_MAX),
    laggingCount: lagging.length,
    failedCount: failed.length,
  };
}
