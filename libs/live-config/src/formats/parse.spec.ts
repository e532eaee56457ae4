import { describe, expect, it } from '@jest/globals';
import { ParseError, TooLargeError } from '../errors.js';
import { parseContent } from './parse.js';

const failure = (format: 'json' | 'yaml' | 'properties', text: string): ParseError => {
  try {
    parseContent(format, text, 'main');
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(text)} was read`);
};
const place = (format: 'json' | 'yaml' | 'properties', text: string): [number, number] => {
  const { line, column } = failure(format, text);
  return [line, column];
};

describe('JSON', () => {
  it('is read as it is; nothing is an empty tree', () => {
    expect(parseContent('json', '{"a": [1, 2.5e3, "x\\u00e4", null, true]}', 'main')).toEqual({
      a: [1, 2500, 'xä', null, true],
    });
    expect(parseContent('json', ' \n', 'main')).toEqual({});
  });

  it.each<[string, number, number, string]>([
    ['{\n  "a": 1,\n}', 3, 1, 'expected a key in double quotes, not "}"'],
    ['{"a" 1}', 1, 6, 'expected ":", not "1"'],
    ['{"a": 1 "b": 2}', 1, 9, 'expected "," or "}", not "\\""'],
    ['[1, 2', 1, 6, 'expected "," or "]", not the end'],
    ['{"a": nope}', 1, 7, 'expected a value, not "n"'],
    ['{"a": 01}', 1, 7, 'expected a value'],
    ['{} x', 1, 4, 'unexpected "x" after the end'],
    ['{"a": "b\nc"}', 1, 9, 'a string is not closed on its line'],
    ['{"a": "\\x"}', 1, 8, 'not an escape that JSON knows'],
    ["{'a': 1}", 1, 2, 'expected a key in double quotes, not "\'"'],
  ])('%j fails at line %i, column %i', (text, line, column, reason) => {
    expect(place('json', text)).toEqual([line, column]);
    expect(failure('json', text).reason).toContain(reason);
    expect(failure('json', text).message).toContain(`main:${line}:${column}: `);
  });
});

describe('YAML', () => {
  it('is read by version 1.2: no is a text, dates are texts, anchors are resolved', () => {
    const text = 'a: no\nb: 2001-01-01\nc: &x {d: 1}\ne: *x\nf: 0o17\n';
    expect(parseContent('yaml', text, 'main')).toEqual({ a: 'no', b: '2001-01-01', c: { d: 1 }, e: { d: 1 }, f: 15 });
    expect(parseContent('yaml', '# nothing\n', 'main')).toEqual({});
  });

  it.each<[string, number, number]>([
    ['a: 1\nb: [1, 2\nc: 3\n', 3, 1],
    ['a: 1\na: 2\n', 2, 1],
    ['a:\n\t- b\n', 2, 1],
    ['a: 1\n---\nb: 2\n', 2, 1],
  ])('%j fails at line %i, column %i', (text, line, column) => {
    expect(place('yaml', text)).toEqual([line, column]);
  });

  it('refuses a document that grows by references to references', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((name, i) => {
        const under = 'abcdefg'[i]!;
        return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${under}`).join(',')}]`;
      }),
    ].join('\n');
    expect(failure('yaml', bomb).reason).toMatch(/alias/iu);
  });

  it('refuses what references repeat until it is too large', () => {
    const text = `a: &a "${'x'.repeat(1_000_000)}"\nb: [${Array.from({ length: 9 }, () => '*a').join(',')}]`;
    expect(() => parseContent('yaml', text, 'main')).toThrow('number of characters in main');
    const many = Array.from({ length: 1001 }, (_, i) => `a${i}: &a${i} 1\nb${i}: *a${i}`).join('\n');
    expect(failure('yaml', many)).toMatchObject({ reason: 'more than 1000 aliases', line: 2002 });
  });

  it('refuses a reference to nothing', () => {
    expect(failure('yaml', 'a: *nothing\n').reason).toMatch(/nothing/u);
  });

  it('refuses a key that would become a prototype', () => {
    expect(() => parseContent('yaml', '__proto__: {admin: true}\n', 'main')).toThrow('__proto__');
  });
});

describe('properties', () => {
  const read = (text: string): unknown => parseContent('properties', text, 'main');

  it.each<[string, unknown]>([
    ['a=1\nb:2\nc 3\nd', { a: '1', b: '2', c: '3', d: '' }],
    ['  a  =  1  ', { a: '1  ' }],
    ['# note\n! note\n\n \t\na=1', { a: '1' }],
    ['a=b=c:d', { a: 'b=c:d' }],
    ['a\\=b\\:c\\ d=1', { 'a=b:c d': '1' }],
    ['a = one \\\n    two \\\r\n  three', { a: 'one two three' }],
    ['a\\\n  b=1', { ab: '1' }],
    ['a=x\\\\\nb=2', { a: 'x\\', b: '2' }],
    ['a=\\u00e4\\t\\n\\q', { a: 'ä\t\nq' }],
    ['a=ä€😀', { a: 'ä€😀' }],
    ['a=1\r\nb=2\rc=3', { a: '1', b: '2', c: '3' }],
    ['a=1\na=2', { a: '2' }],
    ['db.url=x\ndb.pool.size=3', { db: { url: 'x', pool: { size: '3' } } }],
    ['list[0]=x\nlist[1].name=y', { list: ['x', { name: 'y' }] }],
    ['m[0][0]=x\nm[0][1]=y', { m: [['x', 'y']] }],
    ['[0]=x\na[b]=y\nc[]=z', { '[0]': 'x', 'a[b]': 'y', 'c[]': 'z' }],
    ['a=#x', { a: '#x' }],
    ['a=\\\n', { a: '' }],
    ['', {}],
  ])('%j is %j', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it.each<[string, number, number, string]>([
    ['a=1\nb=\\u00g1', 2, 3, 'four hexadecimal digits'],
    ['a=1\na.b=2', 2, 1, 'has a value above it, at a'],
    ['a.b=2\n  a=1', 2, 3, 'values below it'],
    ['l[10000]=x', 1, 1, 'index 10000 is over 9999'],
    ['l[1]=x', 1, 1, 'none at index 0'],
  ])('%j fails at line %i, column %i', (text, line, column, reason) => {
    expect(place('properties', text)).toEqual([line, column]);
    expect(failure('properties', text).reason).toContain(reason);
  });

  it('do not reach the prototype of objects', () => {
    expect(() => read('__proto__.admin=true')).toThrow('__proto__');
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });
});

describe('what nests deeper than a tree may', () => {
  const deep = 100_000;

  it.each([
    ['yaml', '['.repeat(deep)],
    ['yaml', '['.repeat(5000) + ']'.repeat(5000)],
    ['yaml', '- '.repeat(deep)],
    ['yaml', Array.from({ length: 100 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['json', '['.repeat(70) + ']'.repeat(70)],
    ['properties', `${'a.'.repeat(deep)}b=1`],
  ] as const)('is refused as %s', (format, text) => {
    expect(() => parseContent(format, text, 'main')).toThrow(TooLargeError);
  });

  it('is refused in JSON that is none, before the stack ends', () => {
    expect(failure('json', '['.repeat(deep))).toMatchObject({ reason: 'is nested deeper than 64 levels', column: 65 });
  });

  it('is let through at 64 levels', () => {
    const levels = (open: string, close: string): string => open.repeat(64) + close.repeat(64);
    expect(JSON.stringify(parseContent('yaml', levels('[', ']'), 'main'))).toBe(levels('[', ']'));
    const block = Array.from({ length: 64 }, (_, i) => `${' '.repeat(i)}a:`).join('\n');
    expect(JSON.stringify(parseContent('yaml', `${block} 1`, 'main'))).toBe(`${'{"a":'.repeat(64)}1${'}'.repeat(64)}`);
  });
});

describe('a document that is made to take long', () => {
  // Each of these took minutes when it was read by comparing each part with each.
  it.each([
    ['yaml', Array.from({ length: 50_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['properties', `${'[1]'.repeat(300_000)}x=1`],
  ] as const)('is read in one go as %s', (format, text) => {
    expect(Object.keys(parseContent(format, text, 'main') as object)).not.toHaveLength(0);
  });
});

describe('text', () => {
  it('is its own value', () => {
    expect(parseContent('text', '{ not json', 'main')).toBe('{ not json');
  });
});
