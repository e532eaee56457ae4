import { ProblemError } from '../errors/problem.js';

/** The watches, streams and long polls that are open: how many there may be, and their end when the platform stops. */
export class OpenStreams {
  readonly #streamsMax: number;
  readonly #open = new Set<AbortController>();
  #stopping = false;

  constructor(streamsMax: number) {
    this.#streamsMax = streamsMax;
  }

  get count(): number {
    return this.#open.size;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  /** Counts a stream in; call the returned `leave` at its end. `signal` aborts when the platform stops. @throws ProblemError */
  enter(): { readonly signal: AbortSignal; readonly abort: (reason: unknown) => void; readonly leave: () => void } {
    this.checkRoom();
    const controller = new AbortController();
    this.#open.add(controller);
    return {
      signal: controller.signal,
      abort: (reason) => controller.abort(reason),
      leave: () => void this.#open.delete(controller),
    };
  }

  /** That another stream may come in, before anything is done for it. @throws ProblemError */
  checkRoom(): void {
    if (this.#stopping) throw stopping();
    if (this.#open.size < this.#streamsMax) return;
    throw new ProblemError('too-many-requests', `${this.#streamsMax} streams are open, and that is the limit`, {
      headers: { 'Retry-After': '5' },
    });
  }

  /** Ends all that are open; no more come in. */
  stop(): void {
    this.#stopping = true;
    for (const controller of this.#open) controller.abort(stopping());
  }
}

function stopping(): ProblemError {
  return new ProblemError('stopping', 'the platform is stopping; connect to another, or again in a moment', {
    headers: { 'Retry-After': '1' },
  });
}
