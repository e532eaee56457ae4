/** The differences that are meant. The README beside this folder says why, under the same names. */
import type { Difference } from './stage/compare.js';

/** A place where Corral answers otherwise on purpose. */
export interface ListedDifference {
  /** The heading in test/interop/README.md that justifies it. */
  readonly reason: string;
  readonly scenario: string;
  /** The step's label, or a pattern for several steps. */
  readonly step: string | RegExp;
  /** The field, or a pattern for several fields; absent: any field of the step. */
  readonly field?: string | RegExp;
  /** What Apache answers, and what Corral answers, where naming the values says more than the step does. */
  readonly apache?: unknown;
  readonly corral?: unknown;
}

/** Every one of these must occur: an entry that no longer does fails the suite. */
export const listedDifferences: readonly ListedDifference[] = [];

/** Whether the entry speaks of this difference. */
export function covers(listed: ListedDifference, difference: Difference): boolean {
  return (
    listed.scenario === difference.scenario &&
    matches(listed.step, difference.step) &&
    (listed.field === undefined || matches(listed.field, difference.field)) &&
    (!('apache' in listed) || JSON.stringify(listed.apache) === JSON.stringify(difference.apache)) &&
    (!('corral' in listed) || JSON.stringify(listed.corral) === JSON.stringify(difference.corral))
  );
}

const matches = (pattern: string | RegExp, text: string): boolean =>
  typeof pattern === 'string' ? pattern === text : pattern.test(text);
