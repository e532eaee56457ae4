import type { Client } from '@corral/client';
import { TestEnsemble } from '@corral/client/testing';
import { Registry } from './registry.js';
import type { RegistryOptions } from './types.js';

/** A registry on a client of its own. */
export interface Actor {
  readonly client: Client;
  readonly registry: Registry;
}

/** Registries on an ensemble in memory, in virtual time. */
export class RegistryStage {
  readonly ensemble = new TestEnsemble();

  async actor(options: RegistryOptions = {}): Promise<Actor> {
    const client = await this.ensemble.connect({ sessionTimeoutMs: 4000 });
    return { client, registry: new Registry(client, { timers: this.ensemble.timers, random: () => 0, ...options }) };
  }

  /** What the promise gives, once everything that is due has happened. */
  result<T>(promise: Promise<T>): Promise<T> {
    return this.ensemble.result(promise);
  }
}

/** Reads everything from an iterable into a list that grows by itself. */
export function collect<T>(items: AsyncIterable<T>): T[] {
  const collected: T[] = [];
  void (async () => {
    for await (const item of items) collected.push(item);
  })();
  return collected;
}
