/** Reads that are under way at once: enough to fill a connection, few enough to leave room for others. */
const UNDER_WAY_MAX = 4000;

/**
 * Reads one path at a time, many paths at once. A path that is asked for while it is being read is read again afterwards, and the first
 * reading is thrown away: it may be older than what made somebody ask.
 */
export class ReadQueue {
  readonly #read: (path: string) => Promise<() => void>;
  readonly #onIdle: () => void;
  readonly #failed: (error: unknown, path: string) => void;
  readonly #waiting = new Set<string>();
  /** Paths under way, and whether they were asked for again meanwhile. */
  readonly #underWay = new Map<string, { isStale: boolean }>();
  #isStopped = false;

  /** `read` gives what applies its result. `onIdle` is called whenever the last read is done. */
  constructor(
    read: (path: string) => Promise<() => void>,
    onIdle: () => void,
    failed: (error: unknown, path: string) => void,
  ) {
    this.#read = read;
    this.#onIdle = onIdle;
    this.#failed = failed;
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0 && this.#underWay.size === 0;
  }

  /** Has the path read. */
  ask(path: string): void {
    if (this.#isStopped) return;
    const underWay = this.#underWay.get(path);
    if (underWay !== undefined) underWay.isStale = true;
    else if (this.#underWay.size < UNDER_WAY_MAX) void this.#run(path);
    else this.#waiting.add(path);
  }

  /** What is under way for the path, if anything, tells nothing any more. */
  outdate(path: string): void {
    const underWay = this.#underWay.get(path);
    if (underWay !== undefined) underWay.isStale = true;
  }

  /** Nothing is read any more, and what is under way is thrown away. */
  stop(): void {
    this.#isStopped = true;
    this.#waiting.clear();
  }

  async #run(path: string): Promise<void> {
    const state = { isStale: false };
    this.#underWay.set(path, state);
    let failure: { readonly error: unknown } | undefined;
    do {
      state.isStale = false;
      failure = undefined;
      try {
        const apply = await this.#read(path);
        if (!this.#isStopped && !state.isStale) apply();
      } catch (error) {
        failure = { error };
      }
      if (this.#isStopped) return;
    } while (state.isStale);
    // Before the failure is told: whoever hears of it may have the path read again.
    this.#underWay.delete(path);
    if (failure !== undefined) this.#failed(failure.error, path);
    this.#next();
    if (this.isIdle && !this.#isStopped) this.#onIdle();
  }

  #next(): void {
    for (const path of this.#waiting) {
      if (this.#underWay.size >= UNDER_WAY_MAX) return;
      this.#waiting.delete(path);
      void this.#run(path);
    }
  }
}
