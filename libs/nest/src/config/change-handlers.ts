import { isDeepStrictEqual } from 'node:util';
import type { ConfigSnapshot } from '@corral/live-config';
import { ConfigHandlersFailedError } from './config-errors.js';

/** A method that wants to know when a part of the configuration changes. */
export interface ChangeHandler {
  /** For errors: `PricingService.onDiscount`. */
  readonly name: string;
  /** The part of a snapshot that it is about. */
  read(snapshot: ConfigSnapshot): unknown;
  /** May be asynchronous: the release is acknowledged when it is done. */
  call(value: unknown, previous: unknown): unknown;
}

/** The methods marked with `@OnConfigChange`. */
export class ChangeHandlers {
  readonly #handlers: ChangeHandler[] = [];

  add(handler: ChangeHandler): void {
    this.#handlers.push(handler);
  }

  /**
   * Calls those whose part differs between the two snapshots, side by side, and waits for all.
   * @throws ConfigHandlersFailedError naming each that failed, after the others have done their work
   */
  async run(snapshot: ConfigSnapshot, previous: ConfigSnapshot): Promise<void> {
    const calls = this.#handlers.flatMap((handler) => {
      const [value, before] = [handler.read(snapshot), handler.read(previous)];
      return isDeepStrictEqual(value, before) ? [] : [{ handler, value, before }];
    });
    const results = await Promise.allSettled(
      calls.map(async ({ handler, value, before }) => handler.call(value, before)),
    );
    const failures = results.flatMap((result, i) =>
      result.status === 'rejected' ? [{ handler: calls[i]?.handler.name ?? '', cause: result.reason as unknown }] : [],
    );
    if (failures.length > 0) throw new ConfigHandlersFailedError(failures);
  }
}
