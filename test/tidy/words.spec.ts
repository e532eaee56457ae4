import { describe, expect, it } from '@jest/globals';
import { filesBelow, readText } from './repository.js';

interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
  readonly example: string;
  /** Only in these files; everywhere when absent. */
  readonly files?: RegExp;
}

const SELF = 'test/tidy/words.spec.ts';
const CODE = /\.(ts|js|cjs|mjs)$/;
const TEXT = /\.(ts|js|cjs|mjs|json|md|yaml|yml|sh|py|c|java|go|txt|cfg|xml)$|^\.ci\/run$/;

const bans: readonly Ban[] = [
  {
    pattern: /\/(?:home|Users)\/[a-z]\w*\/|\/work\/(?:main|shared)\b|\/tmp\/w\//,
    instead: 'a path from the root of the repository, or a temporary folder made at run time',
    example: '/home/somebody/corral',
  },
  {
    pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/,
    instead: 'an issue, or the work itself',
    example: '// TODO: later',
  },
  {
    pattern: /"resolved": "https?:/,
    instead: 'a lock file without download addresses: omit-lockfile-registry-resolved in .npmrc',
    example: '"resolved": "https://registry.example/x.tgz"',
    files: /^package-lock\.json$/,
  },
  {
    pattern: /@ts-(?:ignore|nocheck)\b/,
    instead: '@ts-expect-error with its reason',
    example: '// @ts-ignore',
    files: CODE,
  },
  {
    pattern: /\b(?:describe|it|test)\.only\(|\b(?:fdescribe|fit)\(/,
    instead: 'jest -t on the command line',
    example: 'it.only(',
    files: CODE,
  },
  {
    pattern: /\bretryTimes\(/,
    instead: 'a test that waits for what it needs; a flaky test hides a race',
    example: 'jest.retryTimes(3)',
    files: CODE,
  },
];

describe('words', () => {
  const texts = filesBelow()
    .filter((file) => TEXT.test(file) && file !== SELF)
    .map((file) => ({ file, lines: readText(file).split('\n') }));

  it.each(bans)('$pattern is nowhere: write $instead', ({ pattern, files }) => {
    const found = texts
      .filter(({ file }) => files?.test(file) ?? file !== 'package-lock.json')
      .flatMap(({ file, lines }) =>
        lines.flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
      );
    expect(found).toEqual([]);
  });

  it.each(bans)('$pattern would be noticed in $example', ({ pattern, example }) => {
    expect(example).toMatch(pattern);
  });
});
