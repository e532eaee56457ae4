import { describe, expect, it } from '@jest/globals';
import { checkTree, type ConfigValue, merge, valueAt } from './tree.js';

describe('merge', () => {
  it.each<[ConfigValue, ConfigValue, ConfigValue]>([
    [{ a: 1, b: { c: 2, d: 3 } }, { b: { d: 4, e: 5 } }, { a: 1, b: { c: 2, d: 4, e: 5 } }],
    [{ list: [1, 2, 3] }, { list: [9] }, { list: [9] }],
    [{ a: { b: 1 } }, { a: null }, { a: null }],
    [{ a: 1 }, { a: { b: 1 } }, { a: { b: 1 } }],
    [{ a: 1 }, 'text', 'text'],
    [[1], { a: 1 }, { a: 1 }],
  ])('of %j under %j is %j', (under, over, merged) => {
    expect(merge(under, over)).toEqual(merged);
  });

  it('changes neither side', () => {
    const under = { a: { b: 1 } };
    const over = { a: { c: 2 } };
    merge(under, over);
    expect([under, over]).toEqual([{ a: { b: 1 } }, { a: { c: 2 } }]);
  });

  it('takes a key called constructor for a key', () => {
    const merged = merge({ constructor: { a: 1 } }, { constructor: { b: 2 }, toString: 'x' });
    expect(merged).toEqual({ constructor: { a: 1, b: 2 }, toString: 'x' });
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });
});

describe('the value at a path', () => {
  const tree = { a: { b: [{ c: 1 }, 2] }, 'x.y': { z: 3 }, x: { y: { w: 4 } }, n: null };

  it.each([
    ['a.b[0].c', 1],
    ['a.b.1', 2],
    ['x.y.z', 3],
    ['x.y.w', 4],
    ['n', null],
    ['a.b[2]', undefined],
    ['a.b.length', undefined],
    ['constructor', undefined],
    ['__proto__.toString', undefined],
    ['a.b[0].c.d', undefined],
    ['n.x', undefined],
  ])('%s is %j', (path, value) => {
    expect(valueAt(tree, path)).toBe(value);
  });

  it('is the whole for the empty path', () => {
    expect(valueAt(tree, '')).toBe(tree);
  });
});

describe('a tree from a parser', () => {
  it('must not have a key that becomes a prototype', () => {
    const value: unknown = JSON.parse('{"a": {"__proto__": {"admin": true}}}');
    expect(() => checkTree(value, 'main.json')).toThrow('main.json/a must not have a key "__proto__"');
  });

  it('must not be too deep, too large, or more than JSON', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 65; i += 1) deep = [deep];
    expect(() => checkTree(deep, 'd')).toThrow('depth of d is 65');
    expect(() =>
      checkTree(
        Array.from({ length: 100_001 }, () => 0),
        'd',
      ),
    ).toThrow('number of values in d');
    expect(() => checkTree({ a: new Date(0) }, 'd')).toThrow('d/a must be a plain value');
    expect(() => checkTree({ a: Number.NaN }, 'd')).toThrow('d/a must be a finite number');
    expect(() => checkTree({ a: undefined }, 'd')).toThrow('d/a must not be a undefined');
  });
});
