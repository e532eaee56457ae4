import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  childPath,
  isSameOrBelow,
  nodeName,
  parentPath,
  pathFault,
  ROOT_PATH,
  sequentialPath,
  sequentialPathFault,
} from './path.js';

/** ZooKeeper's rules once more, as one expression. */
const VALID = /^(?:\/|(?:\/(?!\.{1,2}(?:\/|$))[^/\p{Cc}\u{d800}-\u{f8ff}\u{fff0}-\u{10ffff}]+)+)$/u;

const name = fc
  .string({ unit: fc.constantFrom('a', 'b', '.', 'é', '-', '0'), minLength: 1, maxLength: 6 })
  .filter((text) => text !== '.' && text !== '..');
const validPath = fc.array(name, { maxLength: 5 }).map((names) => `/${names.join('/')}`);
const anyPath = fc.oneof(
  validPath,
  fc.string({ unit: fc.constantFrom('/', '.', 'a', '\u0000', '\u001f', '\u0020', '\u007f', '\u009f', '\u00a0') }),
  fc.string({ unit: 'binary' }).map((text) => `/${text}`),
);

describe('pathFault', () => {
  it.each(['/', '/a', '/a/b', '/...', '/a..', '/.a', '/a b', '/é€', '/~', '/\u00a0', '/\ud7ff', '/\uffef'])(
    'finds none in %j',
    (path) => {
      expect(pathFault(path)).toBeUndefined();
    },
  );

  it.each([
    [null, 'path is null'],
    ['', 'path is empty'],
    ['a', 'path must start with /'],
    ['/a/', 'path must not end with /'],
    ['//', 'path must not end with /'],
    ['//a', 'empty component at 1'],
    ['/a//b', 'empty component at 3'],
    ['/.', 'relative component at 1'],
    ['/a/..', 'relative component at 3'],
    ['/../a', 'relative component at 1'],
    ['/a\u0000', 'character 0x0 at 2 is not allowed'],
    ['/\u001f', 'character 0x1f at 1 is not allowed'],
    ['/\u007f', 'character 0x7f at 1 is not allowed'],
    ['/\u009f', 'character 0x9f at 1 is not allowed'],
    ['/\ud83d\ude00', 'character 0xd83d at 1 is not allowed'],
    ['/\uf8ff', 'character 0xf8ff at 1 is not allowed'],
    ['/\ufff0', 'character 0xfff0 at 1 is not allowed'],
    ['/\ufffd', 'character 0xfffd at 1 is not allowed'],
  ])('finds one in %j: %s', (path, fault) => {
    expect(pathFault(path)).toBe(fault);
  });

  it('agrees with the rules as an expression', () => {
    fc.assert(
      fc.property(anyPath, (path) => expect(pathFault(path) === undefined).toBe(VALID.test(path))),
      { numRuns: 2000 },
    );
  });
});

describe('sequentialPathFault', () => {
  it.each(['/', '/a/', '/a/.', '/a/..', '/lock-'])('lets %j end as it does, for a number follows', (prefix) => {
    expect(sequentialPathFault(prefix)).toBeUndefined();
  });

  it.each(['', 'a', '//', '/a//b'])('still refuses %j', (prefix) => {
    expect(sequentialPathFault(prefix)).toBeDefined();
  });
});

describe('the parts of a path', () => {
  it.each([
    ['/', '', ''],
    ['/a', '/', 'a'],
    ['/a/b', '/a', 'b'],
    ['/a/b/cd', '/a/b', 'cd'],
  ])('%s lies in %j as %j', (path, parent, own) => {
    expect(parentPath(path)).toBe(parent);
    expect(nodeName(path)).toBe(own);
  });

  it('make the path again', () => {
    fc.assert(
      fc.property(validPath, (path) => {
        if (path !== ROOT_PATH) expect(childPath(parentPath(path), nodeName(path))).toBe(path);
      }),
    );
  });
});

describe('isSameOrBelow', () => {
  it.each([
    ['/a/b', '/a', true],
    ['/a', '/a', true],
    ['/a', '/', true],
    ['/ab', '/a', false],
    ['/a', '/a/b', false],
  ])('of %s and %s is %s', (path, ancestor, expected) => {
    expect(isSameOrBelow(path, ancestor)).toBe(expected);
  });
});

describe('sequentialPath', () => {
  it.each([
    [0, '/q-0000000000'],
    [42, '/q-0000000042'],
    [2_147_483_647, '/q-2147483647'],
    [-2_147_483_648, '/q--2147483648'],
    [-5, '/q--000000005'],
  ])('completes with %d as Java prints it in ten columns', (sequence, expected) => {
    expect(sequentialPath('/q-', sequence)).toBe(expected);
  });
});
