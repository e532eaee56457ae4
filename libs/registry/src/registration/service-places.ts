import type { Client } from '@corral/client';
import type { Layout } from '../layout.js';

/**
 * Makes the places in which instances of a service stand and say that they leave, once for each service however many instances register at the
 * same time. A container goes some time after its last child; whoever finds it gone asks again.
 */
export class ServicePlaces {
  readonly #client: Client;
  readonly #layout: Layout;
  readonly #prepared = new Map<string, Promise<void>>();

  constructor(client: Client, layout: Layout) {
    this.#client = client;
    this.#layout = layout;
  }

  /** Resolves when the service has its place; `again`: it was found gone. */
  prepare(service: string, again = false): Promise<void> {
    let prepared = again ? undefined : this.#prepared.get(service);
    if (prepared !== undefined) return prepared;
    prepared = this.#make(service);
    this.#prepared.set(service, prepared);
    // What failed is tried again by the next who asks.
    prepared.catch(() => this.#prepared.delete(service));
    return prepared;
  }

  async #make(service: string): Promise<void> {
    // Who leaves makes the place to say so when it is missing; made beforehand, leaving is one write.
    this.#client.ensurePath(this.#layout.departures(service)).catch(() => undefined);
    await this.#client.ensurePath(this.#layout.service(service));
  }
}

/** Waits for the promise, but no longer than until the signal says so. @throws the signal's reason */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
