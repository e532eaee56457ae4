import type { Registry } from '@corral/registry';
import { FeedPool } from '../streams/feed-pool.js';
import { ServiceFeed } from './service-feed.js';

/** A feed with the watch that drives it. */
class WatchedFeed extends ServiceFeed {
  readonly #abort = new AbortController();

  /** Runs until the feed is closed; the registry's watch goes on across lost connections and sessions by itself. */
  async drive(registry: Registry, service: string): Promise<void> {
    try {
      for await (const update of registry.watch(service, { signal: this.#abort.signal })) this.accept(update);
      this.end(new DOMException('the watch has ended', 'AbortError'));
    } catch (error) {
      this.end(error);
    }
  }

  close(): void {
    this.#abort.abort();
  }
}

const SERVICES_MAX = 10_000;
const IDLE_MS = 600_000;
const SWEEP_MS = 30_000;

/** The services that somebody reads or watches here: one watch for each, however many read it. */
export class RegistryFeeds {
  readonly #pool: FeedPool<WatchedFeed>;
  readonly #sweeper: NodeJS.Timeout;

  constructor(registry: Registry) {
    this.#pool = new FeedPool(
      (service) => {
        const feed = new WatchedFeed(service);
        void feed.drive(registry, service).then(() => this.#pool.forget(service, feed));
        return feed;
      },
      { feedsMax: SERVICES_MAX, idleMs: IDLE_MS, nowMs: () => performance.now() },
    );
    this.#sweeper = setInterval(() => this.#pool.sweep(), SWEEP_MS).unref();
  }

  get size(): number {
    return this.#pool.size;
  }

  /** The service's feed, for use before the caller next waits. */
  get(service: string): ServiceFeed {
    return this.#pool.get(service);
  }

  /** The service's feed while `use` runs, ready. */
  during<T>(service: string, ready: AbortSignal, use: (feed: ServiceFeed) => Promise<T>): Promise<T> {
    return this.#pool.during(service, async (feed) => {
      await feed.ready(ready);
      return use(feed);
    });
  }

  close(): void {
    clearInterval(this.#sweeper);
    this.#pool.close();
  }
}
