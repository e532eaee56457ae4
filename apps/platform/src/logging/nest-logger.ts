import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Nest's own messages in our log. What it tells about its modules and routes is for debugging. */
export class NestLogger implements LoggerService {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log.child({ component: 'nest' });
  }

  log(message: unknown): void {
    this.#log.debug(String(message));
  }

  error(message: unknown): void {
    this.#log.error(message instanceof Error ? (message.stack ?? message.message) : String(message));
  }

  warn(message: unknown): void {
    this.#log.warn(String(message));
  }

  debug(message: unknown): void {
    this.#log.debug(String(message));
  }

  verbose(message: unknown): void {
    this.#log.debug(String(message));
  }
}
