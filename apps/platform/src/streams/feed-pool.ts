import { ProblemError } from '../errors/problem.js';

/** Something that costs a watch, and ends. */
export interface Closeable {
  close(): void;
}

interface Entry<F> {
  readonly feed: F;
  users: number;
  usedAtMs: number;
}

/** How many feeds there may be, and how long an unused one stays. */
export interface FeedPoolOptions {
  readonly feedsMax: number;
  readonly idleMs: number;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** Feeds by key, opened when first asked for and closed when nobody has asked for long. */
export class FeedPool<F extends Closeable> {
  readonly #entries = new Map<string, Entry<F>>();
  readonly #open: (key: string) => F;
  readonly #options: FeedPoolOptions;

  constructor(open: (key: string) => F, options: FeedPoolOptions) {
    this.#open = open;
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The feed for a moment: to be used before the caller next waits. @throws ProblemError when there are too many. */
  get(key: string): F {
    return this.#entry(key).feed;
  }

  /** The feed for as long as `use` runs. @throws ProblemError when there are too many. */
  async during<T>(key: string, use: (feed: F) => Promise<T>): Promise<T> {
    const entry = this.#entry(key);
    entry.users += 1;
    try {
      return await use(entry.feed);
    } finally {
      entry.users -= 1;
      entry.usedAtMs = this.#options.nowMs();
    }
  }

  /** Closes what nobody has used for long. */
  sweep(): void {
    const oldestMs = this.#options.nowMs() - this.#options.idleMs;
    for (const [key, entry] of this.#entries) {
      if (entry.users === 0 && entry.usedAtMs < oldestMs) this.#drop(key, entry);
    }
  }

  /** Forgets a feed that has failed, so that the next caller gets a new one. */
  forget(key: string, feed: F): void {
    const entry = this.#entries.get(key);
    if (entry?.feed === feed) this.#drop(key, entry);
  }

  close(): void {
    for (const [key, entry] of this.#entries) this.#drop(key, entry);
  }

  #entry(key: string): Entry<F> {
    const nowMs = this.#options.nowMs();
    const known = this.#entries.get(key);
    if (known !== undefined) {
      known.usedAtMs = nowMs;
      return known;
    }
    if (this.#entries.size >= this.#options.feedsMax) this.#makeRoom();
    const entry = { feed: this.#open(key), users: 0, usedAtMs: nowMs };
    this.#entries.set(key, entry);
    return entry;
  }

  #makeRoom(): void {
    const idle = [...this.#entries].filter(([, { users }]) => users === 0);
    const oldest = idle.reduce<(typeof idle)[number] | undefined>(
      (best, next) => (best === undefined || next[1].usedAtMs < best[1].usedAtMs ? next : best),
      undefined,
    );
    if (oldest === undefined) {
      throw new ProblemError(
        'too-many-requests',
        `more than ${this.#options.feedsMax} different things are being watched`,
      );
    }
    this.#drop(...oldest);
  }

  #drop(key: string, entry: Entry<F>): void {
    this.#entries.delete(key);
    entry.feed.close();
  }
}
