import { pathFault } from '@corral/model';
import { escapePropertyKey, escapePropertyValue } from '../formats/properties-lines.js';
import { limits } from '../limits.js';
import { type ConfigValue, isTree } from '../values/tree.js';

/** Property names as Spring knows them, `servers[0].port`, and their text. */
export type Properties = ReadonlyMap<string, string>;

/** A tree as properties, and what Spring Cloud Zookeeper's layout cannot hold. */
export interface PropertiesView {
  readonly properties: Properties;
  /** Names that were left out, and why. */
  readonly skipped: ReadonlyMap<string, string>;
}

/** Lays a tree out as properties. */
export function toProperties(tree: ConfigValue): PropertiesView {
  const properties = new Map<string, string>();
  const skipped = new Map<string, string>();
  for (const [name, value] of flatten(tree, '')) {
    const text = textOf(value);
    const fault = text === undefined ? 'null cannot be told from an absent property' : faultOf(name, text);
    if (fault === undefined) properties.set(name, text!);
    else skipped.set(name, fault);
  }
  for (const ancestor of new Set([...properties.keys()].flatMap(ancestorsOf))) {
    if (properties.get(ancestor) !== '') continue;
    properties.delete(ancestor);
    skipped.set(ancestor, 'an empty text with others below it cannot be told from a folder');
  }
  return { properties, skipped };
}

/** Where a property lies below its context: Spring puts a slash for every dot. */
export function propertyPath(name: string): string {
  return name.replaceAll('.', '/');
}

/** The names above a name. */
export function ancestorsOf(name: string): string[] {
  const parts = name.split('.');
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('.'));
}

/** Properties as the text of a `.properties` document, in the order of their names. */
export function propertiesText(properties: Properties): string {
  return [...properties.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${escapePropertyKey(name)}=${escapePropertyValue(value)}\n`)
    .join('');
}

function* flatten(value: ConfigValue, name: string): Generator<readonly [string, ConfigValue]> {
  if (Array.isArray(value)) {
    for (const [i, item] of (value as readonly ConfigValue[]).entries()) yield* flatten(item, `${name}[${i}]`);
  } else if (isTree(value)) {
    for (const [key, item] of Object.entries(value)) yield* flatten(item, name === '' ? key : `${name}.${key}`);
  } else yield [name, value];
}

/** A leaf as text; nothing for null, and for what holds no value at all. */
function textOf(value: ConfigValue): string | undefined {
  return typeof value === 'object' ? undefined : String(value);
}

function faultOf(name: string, text: string): string | undefined {
  if (Buffer.byteLength(text) > limits.znodeBytesMax) return `is over ${limits.znodeBytesMax} bytes`;
  if (name.includes('/')) return 'a slash in a name would read as a dot';
  return pathFault(`/${propertyPath(name)}`);
}
