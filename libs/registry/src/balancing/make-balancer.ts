import type { Balancer } from './balancer.js';
import { ConsistentHash } from './consistent-hash.js';
import { LeastOutstanding } from './least-outstanding.js';
import { RandomChoice, RoundRobin } from './round-robin.js';
import { Sticky } from './sticky.js';
import type { Strategy } from './strategy.js';
import { Weighted } from './weighted.js';
import { ZoneFirst } from './zone-first.js';

const ENOUGH_DEFAULT = 0.7;

/** The balancer of a strategy, for a consumer in the zone. `random` gives numbers from 0 to 1 (exclusive). */
export function makeBalancer(strategy: Strategy, random: () => number, zone?: string): Balancer {
  switch (strategy) {
    case 'round-robin':
      return new RoundRobin(random);
    case 'random':
      return new RandomChoice(random);
    case 'weighted':
      return new Weighted();
    case 'least-outstanding':
      return new LeastOutstanding(random);
    default:
  }
  switch (strategy.kind) {
    case 'sticky':
      return new Sticky(strategy, random);
    case 'consistent-hash':
      return new ConsistentHash(strategy, random);
    case 'zone-first': {
      const within = strategy.within ?? 'round-robin';
      const enough = strategy.enough ?? ENOUGH_DEFAULT;
      return new ZoneFirst({
        zone,
        enough,
        own: makeBalancer(within, random),
        others: makeBalancer(within, random),
        random,
      });
    }
  }
}
