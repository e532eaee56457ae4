/** The gates that stages of gradual releases may name: the group `platform.gates` of a corral.yaml. */
import type { ConfigurationProblem } from './configuration-error.js';

/** How a gate is asked. */
export type GateSpec =
  /** Passes while every instance of the service that has a check passes it, and there is one. */
  | { readonly kind: 'registry'; readonly service: string }
  /** Passes on 2xx, fails on everything else that answers. */
  | { readonly kind: 'http'; readonly url: string }
  /** Passes while the query's value is within the bounds; no value leaves it open. */
  | {
      readonly kind: 'prometheus';
      readonly url: string;
      readonly query: string;
      readonly min?: number;
      readonly max?: number;
    };

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/u;
const FIELDS: Readonly<Record<GateSpec['kind'], { needed: readonly string[]; more: readonly string[] }>> = {
  registry: { needed: ['service'], more: [] },
  http: { needed: ['url'], more: [] },
  prometheus: { needed: ['url', 'query'], more: ['min', 'max'] },
};

/** Reads the group; every problem is told. */
export function readGates(
  group: unknown,
  place: string,
): { readonly gates: ReadonlyMap<string, GateSpec>; readonly problems: readonly ConfigurationProblem[] } {
  const gates = new Map<string, GateSpec>();
  const problems: ConfigurationProblem[] = [];
  const refuse = (key: string, sentence: string): void => {
    problems.push({ place, key: `platform.gates${key}`, sentence });
  };
  if (group === undefined || group === null) return { gates, problems };
  if (typeof group !== 'object' || Array.isArray(group)) {
    refuse('', 'is a group; allowed: names of gates below it');
    return { gates, problems };
  }
  for (const [name, spec] of Object.entries(group)) {
    const sentence = NAME.test(name) ? problemOf(spec) : 'is no name; allowed: letters, digits, ".", "_" and "-"';
    if (sentence === undefined) gates.set(name, spec as GateSpec);
    else refuse(`.${name}`, sentence);
  }
  return { gates, problems };
}

function problemOf(spec: unknown): string | undefined {
  if (typeof spec !== 'object' || spec === null) return 'is a group; allowed: kind, and what that kind needs';
  const values = spec as Record<string, unknown>;
  const fields = Object.hasOwn(FIELDS, String(values['kind'])) ? FIELDS[values['kind'] as GateSpec['kind']] : undefined;
  if (fields === undefined) {
    return `kind is ${JSON.stringify(values['kind'])}; allowed: ${Object.keys(FIELDS).join(', ')}`;
  }
  const unknown = Object.keys(values).find(
    (key) => key !== 'kind' && ![...fields.needed, ...fields.more].includes(key),
  );
  if (unknown !== undefined) {
    return `${unknown} does not exist; allowed: ${['kind', ...fields.needed, ...fields.more].join(', ')}`;
  }
  for (const field of fields.needed) {
    if (typeof values[field] !== 'string' || values[field] === '') return `${field} is missing; allowed: a text`;
  }
  if (fields.needed.includes('url') && !isHttpUrl(String(values['url']))) {
    return `url is ${JSON.stringify(values['url'])}; allowed: an address that begins with http:// or https://`;
  }
  if (fields.more.includes('min')) return problemOfBounds(values['min'], values['max']);
  return undefined;
}

function problemOfBounds(min: unknown, max: unknown): string | undefined {
  const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
  if (min === undefined && max === undefined) return 'has no bound; allowed: min, max or both';
  const wrong = [min, max].find((value) => value !== undefined && !isNumber(value));
  return wrong === undefined ? undefined : `min and max are numbers, not ${JSON.stringify(wrong)}`;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
