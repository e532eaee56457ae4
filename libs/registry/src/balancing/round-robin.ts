import { type Balancer, type Candidate, openTo, type PickRequest } from './balancer.js';

/** One after the other. It begins anywhere, so that many consumers that start together do not all begin with the same one. */
export class RoundRobin implements Balancer {
  #next: number | undefined;
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  pick(candidates: readonly Candidate[], request: PickRequest): Candidate | undefined {
    const open = openTo(candidates, request);
    if (open.length === 0) return undefined;
    this.#next ??= Math.floor(this.#random() * open.length);
    const at = this.#next % open.length;
    this.#next = at + 1;
    return open[at];
  }
}

/** Any of them, all alike. */
export class RandomChoice implements Balancer {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  pick(candidates: readonly Candidate[], request: PickRequest): Candidate | undefined {
    const open = openTo(candidates, request);
    return open[Math.floor(this.#random() * open.length)];
  }
}
