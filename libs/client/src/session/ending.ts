import { ClientClosedError } from '../errors/connection-errors.js';

/** The end of a client: whether its owner wants it, why it came when nobody wanted it, and who waits for it. */
export class Ending {
  /** The owner has said to close: no more requests are taken. */
  isWanted = false;
  /** Why the client closed itself. */
  cause: Error | undefined;
  /** Resolves when the client is closed. */
  readonly done: Promise<void>;
  #resolve: () => void = () => undefined;

  constructor() {
    this.done = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** What a request that comes too late is told. */
  errorFor(operation: string): Error {
    return this.cause ?? new ClientClosedError(operation);
  }

  /** The client is closed. */
  reached(): void {
    this.#resolve();
  }
}
