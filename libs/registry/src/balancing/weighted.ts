import { type Balancer, type Candidate, openTo, type PickRequest } from './balancer.js';

/**
 * Smooth weighted round robin: each candidate earns its weight in every turn, the richest is chosen and pays what all earned. Over a
 * round each gets its exact share, and the turns of a heavy one lie apart instead of in a row.
 */
export class Weighted implements Balancer {
  readonly #credits = new Map<string, number>();
  #candidates: readonly Candidate[] = [];

  pick(candidates: readonly Candidate[], request: PickRequest): Candidate | undefined {
    if (candidates !== this.#candidates) this.#forgetOthers(candidates);
    let total = 0;
    let best: Candidate | undefined;
    let bestCredit = -Infinity;
    for (const candidate of openTo(candidates, request)) {
      const { id, weight } = candidate.instance;
      const credit = (this.#credits.get(id) ?? 0) + weight;
      this.#credits.set(id, credit);
      total += weight;
      if (credit > bestCredit) {
        best = candidate;
        bestCredit = credit;
      }
    }
    if (best !== undefined) this.#credits.set(best.instance.id, bestCredit - total);
    return best;
  }

  /** Those who left take their credit along, so that the map stays as small as the service. */
  #forgetOthers(candidates: readonly Candidate[]): void {
    this.#candidates = candidates;
    const ids = new Set(candidates.map(({ instance }) => instance.id));
    for (const id of this.#credits.keys()) if (!ids.has(id)) this.#credits.delete(id);
  }
}
