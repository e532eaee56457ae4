/** The strategies that a pool can be asked for; `make-balancer.ts` has what they do. */

/** Those that need no choice of their own. */
export type PlainStrategy = 'round-robin' | 'random' | 'weighted' | 'least-outstanding';

/** The same key goes to the same instance as long as that takes work; new keys are given out in turn. */
export interface StickyStrategy {
  readonly kind: 'sticky';
  /** How many keys are remembered; the one that was not used for longest is forgotten first; 10,000. */
  readonly keysMax?: number;
}

/** The key's place on a hash ring decides; when instances come or go, only the keys of those move. */
export interface ConsistentHashStrategy {
  readonly kind: 'consistent-hash';
  /** Places on the ring for each unit of weight; 100. */
  readonly replicas?: number;
  /** No instance gets more than this many times the average of the outstanding requests; the next on the ring does. No bound by default. */
  readonly loadFactor?: number;
}

/** Instances of the consumer's own zone, by another strategy; the others too, as far as the own zone is too small. */
export interface ZoneFirstStrategy {
  readonly kind: 'zone-first';
  readonly within?: PlainStrategy | StickyStrategy | ConsistentHashStrategy;
  /**
   * The weight of the own zone, compared with the average of all zones, at which it takes all of its consumers' load; 0.7. A zone with
   * half of that takes half of it, and the other half spills over.
   */
  readonly enough?: number;
}

/** How a pool chooses. */
export type Strategy = PlainStrategy | StickyStrategy | ConsistentHashStrategy | ZoneFirstStrategy;

/** When an instance that keeps failing gets a rest. */
export interface EjectionOptions {
  /** Failures in a row that eject; 5. */
  readonly consecutiveFailures?: number;
  /** Share of failures among the calls of a window that ejects, from 0 to 1; 0.5. */
  readonly errorRate?: number;
  /** Calls that the window must have seen for the rate to count; 20. */
  readonly callsMin?: number;
  /** 10,000. */
  readonly windowMs?: number;
  /** The first rest; it doubles with each that follows; 5,000. */
  readonly baseMs?: number;
  /** The longest rest; 300,000. */
  readonly maxMs?: number;
  /** Never more than this share of the instances rests at the same time, from 0 to 1; 0.5. */
  readonly shareMax?: number;
}
