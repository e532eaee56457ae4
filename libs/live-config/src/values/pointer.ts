import { type ConfigValue, isTree } from './tree.js';

/** One step of a JSON pointer (RFC 6901), escaped. */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Builds the value anew with every string passed through `change`, which is told the JSON pointer of each. */
export function mapStrings(
  value: ConfigValue,
  change: (text: string, pointer: string) => ConfigValue,
  pointer = '',
): ConfigValue {
  if (typeof value === 'string') return change(value, pointer);
  if (Array.isArray(value)) {
    return (value as readonly ConfigValue[]).map((item, i) => mapStrings(item, change, pointer + pointerStep(i)));
  }
  if (!isTree(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapStrings(item, change, pointer + pointerStep(key))]),
  );
}

/** Every value that has none below it, with its JSON pointer. Empty lists and trees count as values. */
export function* leavesOf(value: ConfigValue, pointer = ''): Generator<readonly [pointer: string, value: ConfigValue]> {
  const isBranch = (Array.isArray(value) && value.length > 0) || (isTree(value) && Object.keys(value).length > 0);
  if (!isBranch) {
    yield [pointer, value];
    return;
  }
  for (const [key, item] of Object.entries(value as object))
    yield* leavesOf(item as ConfigValue, pointer + pointerStep(key));
}
