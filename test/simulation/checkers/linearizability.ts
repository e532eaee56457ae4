import type { Applied } from '../world/disk.js';
import { BrokenPromiseError } from './broken-promise.js';

interface Acknowledged {
  readonly id: string;
  readonly place: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/**
 * Linearizability of an object whose one operation adds something at the end and tells where. The order of the operations is then visible in
 * their results, so it is enough to see that it is an order of real time, and that the object really looks like that.
 */
export class LinearizabilityChecker {
  readonly #acknowledged: Acknowledged[] = [];

  acknowledged(operation: Acknowledged): void {
    this.#acknowledged.push(operation);
  }

  get count(): number {
    return this.#acknowledged.length;
  }

  check(sequence: readonly Applied[]): void {
    const places = new Map<string, number>();
    sequence.forEach(({ text }, place) => {
      if (places.has(text)) throw new BrokenPromiseError('Linearizability', `${text} was done twice`);
      places.set(text, place);
    });
    for (const { id, place } of this.#acknowledged) {
      if (places.get(id) === place) continue;
      throw new BrokenPromiseError(
        'Linearizability',
        `${id} was acknowledged as number ${place}, and is ${places.get(id) ?? 'lost'}`,
      );
    }
    this.#checkRealTime();
  }

  /** Whatever began after another operation had ended comes after it. */
  #checkRealTime(): void {
    const byEnd = [...this.#acknowledged].sort((a, b) => a.endedAtMs - b.endedAtMs);
    const byStart = [...this.#acknowledged].sort((a, b) => a.startedAtMs - b.startedAtMs);
    let ended = 0;
    let last: Acknowledged | undefined;
    for (const operation of byStart) {
      for (; byEnd[ended] !== undefined && byEnd[ended]!.endedAtMs < operation.startedAtMs; ended += 1) {
        if (last === undefined || byEnd[ended]!.place > last.place) last = byEnd[ended];
      }
      if (last !== undefined && last.place > operation.place) {
        throw new BrokenPromiseError(
          'Linearizability',
          `${operation.id} began after ${last.id} had ended, and comes before it`,
        );
      }
    }
  }
}
