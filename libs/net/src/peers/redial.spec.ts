import { describe, expect, it } from '@jest/globals';
import { Redial } from './redial.js';

describe('the pause before the next try to connect', () => {
  const limits = { redialMsMin: 10, redialMsMax: 100 };

  it('doubles up to a bound, and begins anew after a success', () => {
    const redial = new Redial(limits, () => 1);
    expect(Array.from({ length: 6 }, () => redial.nextPauseMs())).toEqual([10, 20, 40, 80, 100, 100]);
    redial.reset();
    expect(redial.nextPauseMs()).toBe(10);
  });

  it('is spread over the upper half', () => {
    expect(new Redial(limits, () => 0).nextPauseMs()).toBe(5);
    expect(new Redial(limits, () => 0.5).nextPauseMs()).toBe(7.5);
  });
});
