import { describe, expect, it } from '@jest/globals';
import { Listeners } from './listeners.js';
import { ManualClock } from './manual-clock.fake.js';
import type { ConfigSnapshot } from './types.js';

const snapshot = { release: 1 } as ConfigSnapshot;

describe('handlers', () => {
  it('are all told, in order, one after another, and every error is collected', async () => {
    const listeners = new Listeners([], new ManualClock());
    const told: string[] = [];
    listeners.addHandler(async () => {
      await Promise.resolve();
      told.push('first');
      throw new Error('one');
    });
    listeners.addHandler(() => {
      told.push('second');
      throw new Error('two');
    });
    const takeOff = listeners.addHandler(() => void told.push('third'));
    expect(await listeners.tell(snapshot, undefined)).toBe('one; two');
    takeOff();
    await listeners.tell(snapshot, undefined);
    expect(told).toEqual(['first', 'second', 'third', 'first', 'second']);
  });

  it('that never finish do not hold the next release up for good', async () => {
    const clock = new ManualClock();
    const listeners = new Listeners([], clock);
    listeners.addHandler(() => new Promise(() => undefined));
    let outcome: string | undefined;
    void listeners.tell(snapshot, undefined).then((error) => (outcome = error));
    await clock.pass(29_999);
    expect(outcome).toBeUndefined();
    await clock.pass(1);
    expect(outcome).toBe('did not finish within 30000 ms');
  });
});

describe('validators', () => {
  it('refuse by what they find or by throwing, and the first refusal counts', async () => {
    const clock = new ManualClock();
    const issues = [
      { path: '/a', message: 'no' },
      { path: '/b', message: 'never' },
    ];
    expect(await new Listeners([() => undefined, () => issues], clock).refusal(snapshot)).toBe('/a: no; /b: never');
    expect(await new Listeners([() => Promise.reject(new Error('bad'))], clock).refusal(snapshot)).toBe('bad');
    expect(await new Listeners([() => []], clock).refusal(snapshot)).toBeUndefined();
  });
});
