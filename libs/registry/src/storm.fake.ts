import type { Client } from '@corral/client';
import { seededRandom } from './instance/instance.fake.js';
import type { RegistryStage } from './registry-stage.fake.js';

/** The seeds that are tried each time; any other is as good. */
export const STORM_SEEDS = Array.from({ length: 10 }, (_, i) => i + 1);

/** Trouble by chance, the same for the same seed: lost connections, lost sessions, servers that restart. */
export class Storm {
  readonly #stage: RegistryStage;
  readonly #random: () => number;

  constructor(stage: RegistryStage, seed: number) {
    this.#stage = stage;
    this.#random = seededRandom(seed);
  }

  /** A whole number from 0 to one below `count`. */
  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  oneOf<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** Something happens to a client, or to the server. */
  async trouble(client: Client): Promise<void> {
    const { ensemble } = this.#stage;
    switch (this.below(5)) {
      case 0:
        ensemble.drop(client);
        return;
      case 1:
        ensemble.cut(client);
        return;
      case 2:
        ensemble.heal(client);
        return;
      case 3:
        if (client.sessionId !== 0n) ensemble.expire(client);
        return;
      default:
        ensemble.stop();
        await this.pass(3000);
        ensemble.restart();
    }
  }

  /** More often than not the connection breaks some turns later, in the midst of what is under way. */
  async breakMidway(client: Client): Promise<void> {
    const { ensemble } = this.#stage;
    if (this.below(5) > 2) return;
    ensemble.automatic();
    for (let turns = this.below(12); turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
    ensemble.stopAutomatic();
    ensemble.drop(client);
  }

  /** Some time passes, no more than this. */
  async pass(mostMs: number): Promise<void> {
    await this.#stage.ensemble.pass(this.below(mostMs));
  }

  /** It is over, and everybody has had time to come to rest. */
  async end(clients: readonly Client[]): Promise<void> {
    for (const client of clients) this.#stage.ensemble.heal(client);
    await this.#stage.ensemble.pass(20_000);
  }
}
