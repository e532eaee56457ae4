/** Compares two transcripts field by field. */
import type { Step } from './stage.js';

/** One field that differs. `field` is empty when a whole step is on one side only. */
export interface Difference {
  readonly scenario: string;
  readonly step: string;
  readonly field: string;
  readonly apache: unknown;
  readonly corral: unknown;
}

/** Every field in which the transcripts of one scenario differ. Steps are matched by their labels. */
export function compareTranscripts(scenario: string, apache: readonly Step[], corral: readonly Step[]): Difference[] {
  const differences: Difference[] = [];
  const ours = new Map(corral.map((step) => [step.label, step.observed]));
  for (const { label, observed } of apache) {
    const add = (field: string, theirs: unknown, own: unknown): void => {
      differences.push({ scenario, step: label, field, apache: theirs, corral: own });
    };
    compareValues('', observed, ours.get(label), add);
    ours.delete(label);
  }
  for (const [step, observed] of ours) {
    differences.push({ scenario, step, field: '', apache: undefined, corral: observed });
  }
  return differences;
}

type Add = (field: string, apache: unknown, corral: unknown) => void;

function compareValues(field: string, apache: unknown, corral: unknown, add: Add): void {
  if (isFields(apache) && isFields(corral)) {
    for (const key of new Set([...Object.keys(apache), ...Object.keys(corral)])) {
      compareValues(field === '' ? key : `${field}.${key}`, apache[key], corral[key], add);
    }
  } else if (JSON.stringify(apache) !== JSON.stringify(corral)) {
    add(field, apache, corral);
  }
}

/** Lists of equal length are compared item by item, so that a difference names the item. */
function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** A difference in one line for a person. */
export function describeDifference(difference: Difference): string {
  const { scenario, step, field, apache, corral } = difference;
  return `${scenario} | ${step} | ${field} | Apache: ${show(apache)} | Corral: ${show(corral)}`;
}

/** Whole nodes and logs are too long for a line. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
