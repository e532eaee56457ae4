/**
 * The ratchet on file sizes. A file may be long already; none may newly grow past the limit, and a long one may only
 * shrink. `UPDATE=1 npm run test:tidy` rewrites sizes.json; the difference is for the reviewer.
 */

import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { filesBelow, inRoot, readJson, readText } from './repository.js';

const LONG_FILES = 'test/tidy/sizes.json';
const SOURCE_LINES_MAX = 300;
const TEST_LINES_MAX = 500;

const isTest = (file: string): boolean => /^test\/|\.(?:spec|fake)\.ts$|\/testing\//.test(file);
const linesMax = (file: string): number => (isTest(file) ? TEST_LINES_MAX : SOURCE_LINES_MAX);
const linesOf = (file: string): number => readText(file).split('\n').length - 1;

describe('sizes', () => {
  const long = Object.fromEntries(
    ['apps', 'libs', 'test']
      .flatMap((folder) => filesBelow(folder))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => [file, linesOf(file)] as const)
      .filter(([file, lines]) => lines > linesMax(file)),
  );
  if (process.env.UPDATE === '1') writeFileSync(inRoot(LONG_FILES), `${JSON.stringify(long, null, 2)}\n`);
  const known = readJson<Record<string, number>>(LONG_FILES);

  it(`no file newly grows past ${SOURCE_LINES_MAX} lines (a test: ${TEST_LINES_MAX}), and no long file grows`, () => {
    const grown = Object.entries(long).filter(([file, lines]) => lines > (known[file] ?? linesMax(file)));
    expect(grown).toEqual([]);
  });

  it('the list of long files holds no file that is not long any more (UPDATE=1 npm run test:tidy rewrites it)', () => {
    expect(Object.keys(known).filter((file) => long[file] === undefined)).toEqual([]);
  });
});
