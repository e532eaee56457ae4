import type { Verdict } from './mass-loss-guard.js';

/** What each platform found when it tried to reach an instance, by the platform's id. */
export type Votes = Readonly<Record<string, 'alive' | 'dead'>>;

/** So many platforms must agree that an instance is dead, when there are so many: one alone may have lost its own network. */
const VANTAGE_POINTS_MIN = 2;

/** One platform that reaches the instance proves it alive. It is dead when nobody does, from at least two places where there are two. */
export function verdictOf(votes: Votes, platforms: number): Verdict {
  const cast = Object.values(votes);
  if (cast.includes('alive')) return 'alive';
  const needed = Math.max(1, Math.min(VANTAGE_POINTS_MIN, platforms));
  return cast.length >= needed ? 'dead' : 'unknown';
}
