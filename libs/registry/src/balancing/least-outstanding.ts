import { type Balancer, type Candidate, openTo, type PickRequest } from './balancer.js';

/** The one with the fewest calls for its weight, were it to get this one too. Among equals chance decides. */
export class LeastOutstanding implements Balancer {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  pick(candidates: readonly Candidate[], request: PickRequest): Candidate | undefined {
    let best: Candidate | undefined;
    let bestLoad = Infinity;
    let equals = 0;
    for (const candidate of openTo(candidates, request)) {
      const load = (candidate.outstanding + 1) / candidate.instance.weight;
      if (load < bestLoad) {
        best = candidate;
        bestLoad = load;
        equals = 1;
      } else if (load === bestLoad) {
        equals += 1;
        // The n-th of equals replaces the chosen one with a chance of 1/n, which makes all of them equally likely.
        if (this.#random() * equals < 1) best = candidate;
      }
    }
    return best;
  }
}
