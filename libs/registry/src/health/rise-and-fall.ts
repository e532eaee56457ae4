import type { InstanceHealth } from '../instance/instance.js';

/** How many checks in a row change the verdict. */
export interface Thresholds {
  readonly rise: number;
  readonly fall: number;
}

/** A verdict, and how many checks in a row speak against it. */
export interface HealthState {
  readonly health: InstanceHealth;
  readonly against: number;
}

/** Before the first check. */
export const UNCHECKED: HealthState = { health: 'unknown', against: 0 };

/** The state after one more check. Of an instance that was never checked, the first check decides. */
export function stepHealth(state: HealthState, isGood: boolean, { rise, fall }: Thresholds): HealthState {
  const found = isGood ? 'passing' : 'failing';
  if (state.health === 'unknown') return { health: found, against: 0 };
  if (state.health === found) return state.against === 0 ? state : { health: found, against: 0 };
  const against = state.against + 1;
  return against >= (isGood ? rise : fall) ? { health: found, against: 0 } : { health: state.health, against };
}
