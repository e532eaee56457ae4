import { derived32, hash32 } from '../hash.js';
import { limits } from '../instance/limits.js';
import type { Balancer, Candidate, PickRequest } from './balancer.js';
import type { ConsistentHashStrategy } from './strategy.js';

const REPLICAS_DEFAULT = 100;

interface Place {
  readonly position: number;
  readonly candidate: Candidate;
}

/**
 * A ring with several places for each candidate; a key belongs to the next place after its own. A place depends on nothing but the id of
 * its candidate, so all consumers have the same ring, and one that comes or goes moves only keys of its own. With a load factor it is
 * consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam 2016): who is full is passed by.
 */
export class ConsistentHash implements Balancer {
  readonly #replicas: number;
  readonly #loadFactor: number | undefined;
  readonly #random: () => number;
  #candidates: readonly Candidate[] = [];
  #ring: readonly Place[] = [];

  constructor(strategy: ConsistentHashStrategy, random: () => number) {
    this.#replicas = strategy.replicas ?? REPLICAS_DEFAULT;
    this.#loadFactor = strategy.loadFactor;
    this.#random = random;
  }

  /** Without a key, any key. */
  pick(candidates: readonly Candidate[], request: PickRequest): Candidate | undefined {
    if (candidates !== this.#candidates) {
      this.#candidates = candidates;
      this.#ring = ringOf(candidates, this.#replicas);
    }
    const position = request.key === undefined ? this.#random() * 2 ** 32 : hash32(request.key);
    const isFull = this.#isFull(candidates);
    let spare: Candidate | undefined;
    const start = firstAtOrAfter(this.#ring, position);
    for (let i = 0; i < this.#ring.length; i += 1) {
      const { candidate } = this.#ring[(start + i) % this.#ring.length]!;
      if (request.exclude?.has(candidate.instance.id) === true) continue;
      if (!isFull(candidate)) return candidate;
      spare ??= candidate;
    }
    return spare;
  }

  /** Each candidate may hold its share, by weight, of all calls including the next, times the load factor. */
  #isFull(candidates: readonly Candidate[]): (candidate: Candidate) => boolean {
    const factor = this.#loadFactor;
    if (factor === undefined) return () => false;
    let outstanding = 1;
    let weights = 0;
    for (const candidate of candidates) {
      outstanding += candidate.outstanding;
      weights += candidate.instance.weight;
    }
    return (candidate) =>
      candidate.outstanding >= Math.ceil((factor * outstanding * candidate.instance.weight) / weights);
  }
}

function ringOf(candidates: readonly Candidate[], replicas: number): Place[] {
  const ring: Place[] = [];
  for (const candidate of candidates) {
    const { id, weight } = candidate.instance;
    const places = Math.min(limits.replicasMax, Math.max(1, Math.round(replicas * weight)));
    const hash = hash32(id);
    for (let i = 0; i < places; i += 1) ring.push({ position: derived32(hash, i), candidate });
  }
  // Two places that coincide lie in the order of their ids, for everybody alike.
  return ring.sort((a, b) => a.position - b.position || (a.candidate.instance.id < b.candidate.instance.id ? -1 : 1));
}

function firstAtOrAfter(ring: readonly Place[], position: number): number {
  let low = 0;
  let high = ring.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ring[middle]!.position < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
