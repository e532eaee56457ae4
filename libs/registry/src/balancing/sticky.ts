import type { Balancer, Candidate, PickRequest } from './balancer.js';
import { RoundRobin } from './round-robin.js';
import type { StickyStrategy } from './strategy.js';

const KEYS_MAX_DEFAULT = 10_000;

/** Remembers who served a key, and stays with it as long as that takes work. Calls without a key are given out in turn. */
export class Sticky implements Balancer {
  /** In the order of their last use. */
  readonly #chosen = new Map<string, string>();
  readonly #fresh: RoundRobin;
  readonly #keysMax: number;
  readonly #byId = new Map<string, Candidate>();
  #candidates: readonly Candidate[] = [];

  constructor({ keysMax }: StickyStrategy, random: () => number) {
    this.#fresh = new RoundRobin(random);
    this.#keysMax = keysMax ?? KEYS_MAX_DEFAULT;
  }

  pick(candidates: readonly Candidate[], request: PickRequest): Candidate | undefined {
    const { key, exclude } = request;
    if (key === undefined) return this.#fresh.pick(candidates, request);
    this.#index(candidates);
    const id = this.#chosen.get(key);
    const kept = id === undefined || exclude?.has(id) === true ? undefined : this.#byId.get(id);
    const candidate = kept ?? this.#fresh.pick(candidates, request);
    if (candidate !== undefined) this.#remember(key, candidate.instance.id);
    return candidate;
  }

  #index(candidates: readonly Candidate[]): void {
    if (candidates === this.#candidates) return;
    this.#candidates = candidates;
    this.#byId.clear();
    for (const candidate of candidates) this.#byId.set(candidate.instance.id, candidate);
  }

  #remember(key: string, id: string): void {
    this.#chosen.delete(key);
    this.#chosen.set(key, id);
    if (this.#chosen.size <= this.#keysMax) return;
    const [oldest] = this.#chosen.keys();
    if (oldest !== undefined) this.#chosen.delete(oldest);
  }
}
