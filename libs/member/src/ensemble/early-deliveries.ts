import type { DeliverEffect } from '@corral/zab';
import type { Service } from './service.js';

/**
 * What learners ask of a leader whose tree still takes in what is committed, in order, until its service begins. Their clients have bounds
 * on what they may ask without an answer, and so has this.
 */
export class EarlyDeliveries {
  #effects: DeliverEffect[] = [];

  keep(effect: DeliverEffect): void {
    this.#effects.push(effect);
  }

  handOver(service: Service): void {
    for (const effect of this.#effects.splice(0)) service.deliver(effect);
  }

  clear(): void {
    this.#effects = [];
  }
}
