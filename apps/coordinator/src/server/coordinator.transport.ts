import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { Coordinator } from './coordinator.js';

/**
 * The member as a Nest microservice: Nest starts and stops it, in order with the rest of the application.
 * No message passes through Nest; the protocol is the member's own business, and Nest's pipeline would cost more than a request.
 */
export class CoordinatorTransport extends Server implements CustomTransportStrategy {
  readonly #coordinator: Coordinator;

  constructor(coordinator: Coordinator) {
    super();
    this.#coordinator = coordinator;
  }

  listen(done: (error?: unknown) => void): void {
    this.#coordinator.start().then(() => done(), done);
  }

  async close(): Promise<void> {
    await this.#coordinator.stop();
  }

  /** There are no events of the transport to subscribe to. */
  on(): void {}

  unwrap<T>(): T {
    return this.#coordinator as T;
  }
}
