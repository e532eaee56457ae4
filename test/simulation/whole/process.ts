import type { Prng } from '../../prng.js';
import type { Timeline } from '../world/timeline.js';

/** How long it takes until a turn of the loop is over. */
const TURN_MS = 0.05;

/**
 * One run of a member's process, as an event loop: things happen in it while it runs, later while it stands still, never once it has died.
 */
export class Process {
  readonly #timeline: Timeline;
  readonly #prng: Prng;
  readonly #missed: (() => void)[] = [];
  #deferred: (() => void)[] = [];
  #isPaused = false;
  #isDead = false;

  constructor(timeline: Timeline, prng: Prng) {
    this.#timeline = timeline;
    this.#prng = prng;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  die(): void {
    this.#isDead = true;
  }

  pause(): void {
    this.#isPaused = true;
  }

  /** Goes on with all that came in between. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    for (const run of this.#missed.splice(0)) this.now(run);
  }

  /** Runs this now, when the process goes on, or never. */
  now(run: () => void): void {
    if (this.#isDead) return;
    if (this.#isPaused) this.#missed.push(run);
    else run();
  }

  /** Runs this after about so long. */
  later(usualMs: number, run: () => void): void {
    this.#timeline.after(usualMs * (0.3 + this.#prng.next()), () => {
      this.now(run);
    });
  }

  /** Runs this at the end of the turn, after everything else that was deferred in it. */
  readonly defer = (run: () => void): void => {
    this.#deferred.push(run);
    if (this.#deferred.length > 1) return;
    this.later(TURN_MS, () => {
      const runs = this.#deferred;
      this.#deferred = [];
      for (const each of runs) this.now(each);
    });
  };

  /** Calls this again and again. After a pause it is called once, and behind what has arrived meanwhile, as the loop of a real process does it. */
  every(intervalMs: number, run: () => void): void {
    this.#timeline.after(intervalMs * (0.95 + 0.1 * this.#prng.next()), () => {
      this.now(() => {
        this.defer(run);
        this.every(intervalMs, run);
      });
    });
  }
}
