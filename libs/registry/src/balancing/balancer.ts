import type { ServiceInstance } from '../instance/instance.js';

/** An instance that takes work, and how much of this pool's it has. */
export interface Candidate {
  /** As it is known now. */
  instance: ServiceInstance;
  /** Calls of this pool that are not over. */
  outstanding: number;
}

/** What a choice is made for. */
export interface PickRequest {
  readonly key?: string | undefined;
  /** Ids that must not be chosen. */
  readonly exclude?: ReadonlySet<string> | undefined;
}

/**
 * Chooses among candidates. The same array means the same candidates: a balancer may keep what it worked out for an array until it is
 * given another. All candidates have a weight above zero.
 */
export interface Balancer {
  pick(candidates: readonly Candidate[], request: PickRequest): Candidate | undefined;
}

/** The candidates that are not excluded; the very same array when none is. */
export function openTo(candidates: readonly Candidate[], { exclude }: PickRequest): readonly Candidate[] {
  if (exclude === undefined || exclude.size === 0) return candidates;
  return candidates.filter(({ instance }) => !exclude.has(instance.id));
}
