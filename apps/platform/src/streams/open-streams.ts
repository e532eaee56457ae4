import { ProblemError } from '../errors/problem.js';
import type { Caller } from '../security/access.js';
import { unauthenticated } from '../security/authenticator.js';

/** A stream that was let in. */
export interface OpenStream {
  /** Aborts when the platform stops, and when the caller is not known any more. */
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** Says for whom it is, once that is known. */
  isFor(caller: Caller): void;
  leave(): void;
}

/**
 * The watches, streams and long polls that are open: how many there may be, and their end when the platform stops or when the token of
 * whoever is at the other end is taken back.
 */
export class OpenStreams {
  readonly #streamsMax: number;
  readonly #isKnown: (caller: Caller) => boolean;
  readonly #open = new Map<AbortController, Caller | undefined>();
  #stopping = false;

  constructor(streamsMax: number, isKnown: (caller: Caller) => boolean = () => true) {
    this.#streamsMax = streamsMax;
    this.#isKnown = isKnown;
  }

  get count(): number {
    return this.#open.size;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  /** Counts a stream in; call the returned `leave` at its end. `signal` aborts when the platform stops. @throws ProblemError */
  enter(): OpenStream {
    this.checkRoom();
    const controller = new AbortController();
    this.#open.set(controller, undefined);
    return {
      signal: controller.signal,
      abort: (reason) => controller.abort(reason),
      isFor: (caller) => {
        this.#open.set(controller, caller);
        this.#check(controller, caller);
      },
      leave: () => void this.#open.delete(controller),
    };
  }

  /** Ends those whose callers are not known any more. */
  recheck(): void {
    for (const [controller, caller] of this.#open) this.#check(controller, caller);
  }

  #check(controller: AbortController, caller: Caller | undefined): void {
    if (caller === undefined || this.#isKnown(caller)) return;
    controller.abort(unauthenticated(`the token "${caller.name}" was changed or taken back`));
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
    for (const controller of this.#open.keys()) controller.abort(stopping());
  }
}

function stopping(): ProblemError {
  return new ProblemError('stopping', 'the platform is stopping; connect to another, or again in a moment', {
    headers: { 'Retry-After': '1' },
  });
}
