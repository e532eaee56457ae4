import type { SubscriberInfo } from '@corral/live-config';
import { whole, flag, list, map, optional, part, record, text } from '../../openapi/schema.js';

/** A live subscriber, and whether it is behind. */
export interface Subscriber extends SubscriberInfo {
  readonly lags: boolean;
}

/** Who runs with an application's configuration. */
export interface SubscriberList {
  readonly release: number;
  readonly subscribers: readonly Subscriber[];
}

const release = whole("The application's release", { example: 12 });
const defaultsRelease = whole("The release of the namespace's defaults", { example: 3 });

export const subscriberList = record<SubscriberList>('SubscriberList', "Who runs with an application's configuration", {
  release: whole('The current release', { example: 12 }),
  subscribers: list(
    'Those that are alive',
    record<Subscriber>('Subscriber', 'A live subscriber, as it last reported', {
      instanceId: text('Who it is', { example: 'pricing-1' }),
      profiles: list('Its profiles; the last one wins', text('A profile', { example: 'production' })),
      labels: map('What gradual releases select by', text('A value'), { example: { zone: 'eu' } }),
      release,
      defaultsRelease,
      failed: optional(
        part<NonNullable<SubscriberInfo['failed']>>('The release that it refused', {
          release,
          defaultsRelease,
          error: text('Why', { example: 'discount.percent must be at most 50' }),
        }),
      ),
      lags: flag('Whether it runs with neither the current release nor the one that is being rolled out'),
    }),
  ),
});
