import { ConfigSubscription, type KeyRing, type Target } from '@corral/live-config';
import type { Logger } from '@corral/primitives';
import type { Ensemble } from '../ensemble/ensemble.js';
import { FeedPool } from '../streams/feed-pool.js';
import { ConfigFeed } from './config-feed.js';

/** For whom a configuration is kept up to date. */
export interface FeedTarget extends Target {
  /** For gradual releases: who asks. */
  readonly instanceId: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/** A feed with the subscription that drives it. */
class SubscribedFeed extends ConfigFeed {
  #subscription: ConfigSubscription | undefined;

  drive(subscription: ConfigSubscription): void {
    this.#subscription = subscription;
    subscription.onChange((snapshot) => this.accept(snapshot));
    subscription.ready().then(
      (snapshot) => {
        if (this.event === undefined) this.accept(snapshot);
      },
      (error: unknown) => this.end(error),
    );
  }

  close(): void {
    this.end(new DOMException('the watch has ended', 'AbortError'));
    void this.#subscription?.close();
  }
}

const FEEDS_MAX = 10_000;
const IDLE_MS = 600_000;
const SWEEP_MS = 30_000;

/** The configurations that somebody reads or watches here: one subscription for each, however many read it. */
export class ConfigFeeds {
  readonly #pool: FeedPool<SubscribedFeed>;
  readonly #sweeper: NodeJS.Timeout;

  constructor(ensemble: Ensemble, options: { root: string; keys: KeyRing | undefined; logger: Logger }) {
    this.#pool = new FeedPool(
      (key) => {
        const { instanceId, labels, ...target } = JSON.parse(key) as FeedTarget;
        const feed = new SubscribedFeed();
        feed.drive(
          new ConfigSubscription(ensemble.client, {
            ...options,
            target,
            labels,
            ...(instanceId === undefined ? {} : { instanceId }),
            // Who watches over HTTP has not applied anything yet when it is sent to him.
            acknowledge: false,
          }),
        );
        return feed;
      },
      { feedsMax: FEEDS_MAX, idleMs: IDLE_MS, nowMs: () => performance.now() },
    );
    this.#sweeper = setInterval(() => this.#pool.sweep(), SWEEP_MS).unref();
  }

  get size(): number {
    return this.#pool.size;
  }

  /** The target's feed while `use` runs, ready. */
  during<T>(target: FeedTarget, ready: AbortSignal, use: (feed: ConfigFeed) => Promise<T>): Promise<T> {
    return this.#pool.during(JSON.stringify(target), async (feed) => {
      await feed.ready(ready);
      return use(feed);
    });
  }

  close(): void {
    clearInterval(this.#sweeper);
    this.#pool.close();
  }
}
