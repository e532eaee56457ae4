import { unitOf } from '../hash.js';
import type { Balancer, Candidate, PickRequest } from './balancer.js';

/** How the candidates lie in zones, seen from one of them. */
interface Zones {
  readonly own: readonly Candidate[];
  readonly others: readonly Candidate[];
  /** The share of calls that stays in the own zone, from 0 to 1. */
  readonly ownShare: number;
}

/** What a zone-first balancer is made of. */
export interface ZoneFirstParts {
  /** The zone of the consumer; without one, every instance is as near as any other. */
  readonly zone: string | undefined;
  /** See `ZoneFirstStrategy.enough`. */
  readonly enough: number;
  readonly own: Balancer;
  readonly others: Balancer;
  readonly random: () => number;
}

/** The own zone first; what it is too small for spills over. With a key, the key decides which side it is on, not chance. */
export class ZoneFirst implements Balancer {
  readonly #parts: ZoneFirstParts;
  #candidates: readonly Candidate[] = [];
  #zones: Zones = { own: [], others: [], ownShare: 0 };

  constructor(parts: ZoneFirstParts) {
    this.#parts = parts;
  }

  pick(candidates: readonly Candidate[], request: PickRequest): Candidate | undefined {
    const { zone, enough, own, others, random } = this.#parts;
    if (candidates !== this.#candidates) {
      this.#candidates = candidates;
      this.#zones = zonesOf(candidates, zone, enough);
    }
    const zones = this.#zones;
    // The seed keeps the side of a key apart from its place on a ring, which is made of the same hash.
    const chance = request.key === undefined ? random() : unitOf(`side:${request.key}`);
    if (chance < zones.ownShare) return own.pick(zones.own, request) ?? others.pick(zones.others, request);
    return others.pick(zones.others, request) ?? own.pick(zones.own, request);
  }
}

/** Sorts the candidates by zone, and works out how much the own zone can take. */
function zonesOf(candidates: readonly Candidate[], zone: string | undefined, enough: number): Zones {
  const weights = new Map<string | undefined, number>();
  for (const { instance } of candidates) {
    weights.set(instance.zone, (weights.get(instance.zone) ?? 0) + instance.weight);
  }
  const ownWeight = zone === undefined ? 0 : (weights.get(zone) ?? 0);
  if (ownWeight === 0) return { own: [], others: candidates, ownShare: 0 };
  let total = 0;
  for (const weight of weights.values()) total += weight;
  const wanted = (enough * total) / weights.size;
  return {
    own: candidates.filter(({ instance }) => instance.zone === zone),
    others: candidates.filter(({ instance }) => instance.zone !== zone),
    ownShare: ownWeight >= wanted ? 1 : ownWeight / wanted,
  };
}
