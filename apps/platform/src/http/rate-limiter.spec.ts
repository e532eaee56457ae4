import { describe, expect, it } from '@jest/globals';
import { RateLimiter } from './rate-limiter.js';

describe('the rate limiter', () => {
  it("lets a second's worth through at once, then says how long to wait", () => {
    const limiter = new RateLimiter(8);
    for (let i = 0; i < 8; i += 1) expect(limiter.take('ada', 0)).toBe(0);
    expect(limiter.take('ada', 0)).toBe(125);
    expect(limiter.take('ada', 75)).toBe(50);
    expect(limiter.take('ada', 125)).toBe(0);
  });

  it('does not save up more than a second', () => {
    const limiter = new RateLimiter(2);
    expect([1, 2, 3].map(() => limiter.take('ada', 60_000))).toEqual([0, 0, 500]);
  });

  it('counts each caller for himself', () => {
    const limiter = new RateLimiter(1);
    expect(limiter.take('ada', 0)).toBe(0);
    expect(limiter.take('bob', 0)).toBe(0);
    expect(limiter.take('ada', 0)).toBe(1000);
  });

  it('limits nothing at 0', () => {
    const limiter = new RateLimiter(0);
    for (let i = 0; i < 1000; i += 1) expect(limiter.take('ada', 0)).toBe(0);
  });

  it('forgets whoever was unheard for longest when more callers come than it tells apart', () => {
    const limiter = new RateLimiter(1);
    for (let i = 0; i <= 10_000; i += 1) limiter.take(`caller-${i}`, 0);
    expect(limiter.take('caller-10000', 0)).toBe(1000);
    expect(limiter.take('caller-0', 0)).toBe(0);
  });
});
