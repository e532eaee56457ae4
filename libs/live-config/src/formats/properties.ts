import { TooLargeError } from '../errors.js';
import { limits } from '../limits.js';
import { parseErrorAt } from './position.js';
import { propertyLines, type PropertyLine } from './properties-lines.js';

/** The highest index in `name[index]`. */
const INDEX_MAX = 9999;

type Branch = Map<string | number, Branch | string>;

/**
 * Reads a properties file into a tree, as Spring does: `a.b=1` is `{a: {b: '1'}}`, `list[0]=x` the first of a list. All values are
 * text. A key that is there twice counts as written last.
 * @throws ParseError when a key is both a value and a branch, or a list has gaps; TooLargeError when a key has too many steps.
 */
export function parseProperties(text: string, document: string): unknown {
  const root: Branch = new Map();
  for (const line of propertyLines(text, document)) insert(root, line, text, document);
  return toValue(root, (reason) => parseErrorAt(document, text, 0, reason));
}

function insert(root: Branch, line: PropertyLine, text: string, document: string): void {
  const steps = stepsOf(line.key);
  const fail = (reason: string): never => {
    throw parseErrorAt(document, text, line.offset, `${line.key}: ${reason}`);
  };
  if (steps.length > limits.treeDepthMax) {
    throw new TooLargeError(`depth of ${document}`, steps.length, limits.treeDepthMax);
  }
  let branch = root;
  steps.forEach((step, i) => {
    if (typeof step === 'number' && step > INDEX_MAX) fail(`index ${step} is over ${INDEX_MAX}`);
    const there = branch.get(step);
    if (i === steps.length - 1) {
      if (there instanceof Map) fail('is a value here and has values below it elsewhere');
      branch.set(step, line.value);
      return;
    }
    if (typeof there === 'string') fail(`has a value above it, at ${steps.slice(0, i + 1).join('.')}`);
    const next: Branch = there instanceof Map ? there : new Map<string | number, Branch | string>();
    branch.set(step, next);
    branch = next;
  });
}

/** `a.b[2].c` as its steps. Empty steps (`a..b`) are kept: they are keys like any other. */
function stepsOf(key: string): (string | number)[] {
  return key.split('.').flatMap(stepsOfPart);
}

/** `b[2][0]` as its steps, read from its end: a pattern would try every beginning. */
function stepsOfPart(part: string): (string | number)[] {
  const indices: number[] = [];
  let end = part.length;
  while (part[end - 1] === ']') {
    const open = part.lastIndexOf('[', end - 1);
    const digits = part.slice(open + 1, end - 1);
    if (open < 1 || !/^\d{1,6}$/u.test(digits)) break;
    indices.push(Number(digits));
    end = open;
  }
  return [part.slice(0, end), ...indices.reverse()];
}

function toValue(branch: Branch | string, fail: (reason: string) => Error): unknown {
  if (typeof branch === 'string') return branch;
  const keys = [...branch.keys()];
  if (keys.length === 0 || keys.some((key) => typeof key === 'string')) {
    const entries = keys.map((key) => [String(key), toValue(branch.get(key)!, fail)] as const);
    return Object.fromEntries(entries);
  }
  const items: unknown[] = [];
  for (let i = 0; i < keys.length; i += 1) {
    const item = branch.get(i);
    if (item === undefined) throw fail(`a list has ${keys.length} values and none at index ${i}`);
    items.push(toValue(item, fail));
  }
  return items;
}
