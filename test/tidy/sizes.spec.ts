/** Files that are read in one go: none grows past its limit. */

import { describe, expect, it } from '@jest/globals';
import { filesBelow, readText } from './repository.js';

const SOURCE_LINES_MAX = 300;
const TEST_LINES_MAX = 500;

const isTest = (file: string): boolean => /^test\/|\.(?:spec|fake)\.ts$|\/testing\//.test(file);
const linesMax = (file: string): number => (isTest(file) ? TEST_LINES_MAX : SOURCE_LINES_MAX);
const linesOf = (file: string): number => readText(file).split('\n').length - 1;

describe('sizes', () => {
  it(`no file has more than ${SOURCE_LINES_MAX} lines (a test: ${TEST_LINES_MAX})`, () => {
    const long = ['apps', 'libs', 'test']
      .flatMap((folder) => filesBelow(folder))
      .filter((file) => file.endsWith('.ts') && linesOf(file) > linesMax(file))
      .map((file) => `${file}: ${linesOf(file)}`);
    expect(long).toEqual([]);
  });
});
