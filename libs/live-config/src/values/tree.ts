import { InvalidInputError, TooLargeError } from '../errors.js';
import { limits } from '../limits.js';

/** A value of a configuration: what JSON can say. */
export type ConfigValue = string | number | boolean | null | readonly ConfigValue[] | ConfigTree;

/** Values by name. Read with `Object.hasOwn` or `valueAt`: a key may be called `constructor`. */
export interface ConfigTree {
  readonly [key: string]: ConfigValue;
}

/** Whether a value has names below it. */
export function isTree(value: ConfigValue | undefined): value is ConfigTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Lays one value over another: trees are merged name by name, everything else (lists and null, too) replaces what was there.
 * Neither is changed; what is equal may be shared.
 */
export function merge(under: ConfigValue | undefined, over: ConfigValue): ConfigValue {
  if (!isTree(under) || !isTree(over)) return over;
  const merged: Record<string, ConfigValue> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    merged[key] = Object.hasOwn(merged, key) ? merge(merged[key], value) : value;
  }
  return merged;
}

/**
 * The value at a dotted path: `servers[1].port` or `servers.1.port`. A key that holds dots itself is found when it is written whole
 * (`logging.org.apache` in `{"logging": {"org.apache": …}}`); the longest key wins. The empty path is the whole.
 */
export function valueAt(value: ConfigValue | undefined, path: string): ConfigValue | undefined {
  if (path === '') return value;
  return lookUp(value, path.replace(/\[(\d+)\]/gu, '.$1').split('.'), 0);
}

function lookUp(value: ConfigValue | undefined, keys: readonly string[], from: number): ConfigValue | undefined {
  if (from === keys.length) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (let to = Array.isArray(value) ? from + 1 : keys.length; to > from; to -= 1) {
    const key = keys.slice(from, to).join('.');
    if (!Object.hasOwn(value, key) || (Array.isArray(value) && key === 'length')) continue;
    const found = lookUp((value as ConfigTree)[key], keys, to);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Checks what a parser returned before anybody walks it: bounded in depth, number and size (a reference in YAML repeats what it refers
 * to), only what JSON can say, and no key `__proto__`, which a careless program would turn into the prototype of all its objects.
 * @throws InvalidInputError | TooLargeError
 */
export function checkTree(value: unknown, where: string): ConfigValue {
  let count = 0;
  let characters = 0;
  const weigh = (text: string): void => {
    characters += text.length;
    if (characters > limits.documentBytesMax) {
      throw new TooLargeError(`number of characters in ${where}`, characters, limits.documentBytesMax);
    }
  };
  const walk = (at: unknown, path: string, depth: number): void => {
    count += 1;
    if (count > limits.treeValuesMax)
      throw new TooLargeError(`number of values in ${where}`, count, limits.treeValuesMax);
    if (depth > limits.treeDepthMax) throw new TooLargeError(`depth of ${where}`, depth, limits.treeDepthMax);
    if (typeof at === 'string') return weigh(at);
    if (at === null || typeof at === 'boolean') return;
    if (typeof at === 'number') {
      if (!Number.isFinite(at)) throw new InvalidInputError(`${where}${path}`, 'must be a finite number');
      return;
    }
    if (Array.isArray(at)) {
      at.forEach((item, i) => walk(item, `${path}/${i}`, depth + 1));
      return;
    }
    if (typeof at !== 'object') throw new InvalidInputError(`${where}${path}`, `must not be a ${typeof at}`);
    const prototype: unknown = Object.getPrototypeOf(at);
    if (prototype !== Object.prototype && prototype !== null) {
      throw new InvalidInputError(`${where}${path}`, 'must be a plain value that JSON can hold');
    }
    for (const [key, item] of Object.entries(at)) {
      if (key === '__proto__') throw new InvalidInputError(`${where}${path}`, 'must not have a key "__proto__"');
      weigh(key);
      walk(item, `${path}/${key}`, depth + 1);
    }
  };
  walk(value, '', 0);
  return value as ConfigValue;
}
