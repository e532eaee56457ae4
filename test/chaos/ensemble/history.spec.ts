import { describe, expect, it } from '@jest/globals';
import { type AnsweredWrite, contradictions } from './history.js';

const write = (value: string, version: number, invokedAtMs: number, answeredAtMs: number): AnsweredWrite => ({
  register: '/r',
  value,
  version,
  invokedAtMs,
  answeredAtMs,
});

describe('the check of histories', () => {
  it('accepts writes one after the other, and any order of those at the same time', () => {
    expect(
      contradictions([write('a', 1, 0, 10), write('b', 2, 11, 20), write('d', 4, 21, 40), write('c', 3, 22, 39)]),
    ).toEqual([]);
  });

  it('finds a write that went back in time', () => {
    expect(contradictions([write('a', 2, 0, 10), write('b', 1, 11, 20)])).toEqual([
      expect.stringContaining('before b began'),
    ]);
  });

  it('finds a lost write whose version was given again', () => {
    expect(contradictions([write('a', 1, 0, 10), write('b', 1, 5, 20)])).toEqual([expect.stringContaining('given to')]);
  });
});
