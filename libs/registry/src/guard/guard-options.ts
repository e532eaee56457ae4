/** When the loss of instances is taken for a fault of the network rather than of the instances. */
export interface GuardOptions {
  /** The loss of more than this share of the instances is a mass loss, from 0 to 1; 0.5. At 1 the guard never acts. */
  readonly share?: number;
  /** And at least so many of them; 3. */
  readonly instancesMin?: number;
  /** All within this time; 10,000. */
  readonly windowMs?: number;
  /** Instances of which nothing was found out are dropped after this time; 300,000. */
  readonly keepMs?: number;
}

/** The guard when nothing else is said. */
export const GUARD_DEFAULTS: Required<GuardOptions> = {
  share: 0.5,
  instancesMin: 3,
  windowMs: 10_000,
  keepMs: 300_000,
};
