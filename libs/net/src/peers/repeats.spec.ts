import { describe, expect, it } from '@jest/globals';
import { Repeats } from './repeats.js';

describe('what happens again and again', () => {
  it('is told the first time, and then less and less often', () => {
    const repeats = new Repeats();
    const told = Array.from({ length: 20 }, () => repeats.worthTelling('x')).filter((count) => count !== undefined);
    expect(told).toEqual([1, 2, 4, 8, 16]);
  });

  it('is counted apart from other things, and in bounded memory', () => {
    const repeats = new Repeats();
    expect([repeats.worthTelling('x'), repeats.worthTelling('y')]).toEqual([1, 1]);
    for (let at = 0; at < 256; at += 1) repeats.worthTelling(String(at));
    expect(repeats.worthTelling('x')).toBe(1);
  });
});
