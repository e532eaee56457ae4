import { describe, expect, it } from '@jest/globals';
import { Ejector } from './ejection.js';

function fail(ejector: Ejector, id: string, times: number, nowMs: number, instances = 4): boolean {
  let ejected = false;
  for (let i = 0; i < times; i += 1) ejected = ejector.note(id, false, nowMs, instances) || ejected;
  return ejected;
}

describe('an instance that keeps failing', () => {
  it('rests after failures in a row, and a success in between starts the count anew', () => {
    const ejector = new Ejector({ consecutiveFailures: 3, baseMs: 1000 });
    fail(ejector, 'a', 2, 0);
    ejector.note('a', true, 0, 4);
    expect(fail(ejector, 'a', 2, 0)).toBe(false);
    expect(fail(ejector, 'a', 1, 0)).toBe(true);
    expect([ejector.rests('a', 0), ejector.rests('a', 999), ejector.rests('a', 1000)]).toEqual([true, true, false]);
    expect(ejector.wakesAtMs).toBe(1000);
  });

  it('rests when too many calls of a window fail, in whatever order', () => {
    const ejector = new Ejector({ consecutiveFailures: 100, callsMin: 10, errorRate: 0.5 });
    let ejected = false;
    for (let i = 0; i < 5; i += 1) {
      ejector.note('a', true, 0, 4);
      ejected = ejector.note('a', false, 0, 4);
    }
    expect(ejected).toBe(true);
  });

  it('rests twice as long each time, and is forgiven when it holds out', () => {
    const ejector = new Ejector({ consecutiveFailures: 1, baseMs: 1000, maxMs: 3000 });
    fail(ejector, 'a', 1, 0);
    fail(ejector, 'a', 1, 1000);
    expect([ejector.rests('a', 2999), ejector.rests('a', 3000)]).toEqual([true, false]);
    fail(ejector, 'a', 1, 3000);
    expect([ejector.rests('a', 5999), ejector.rests('a', 6000)]).toEqual([true, false]);
    fail(ejector, 'a', 1, 9000);
    expect([ejector.rests('a', 9999), ejector.rests('a', 10_000)]).toEqual([true, false]);
  });

  it('goes on when more than the share would rest', () => {
    const ejector = new Ejector({ consecutiveFailures: 1, shareMax: 0.5 });
    expect([fail(ejector, 'a', 1, 0), fail(ejector, 'b', 1, 0), fail(ejector, 'c', 1, 0)]).toEqual([true, true, false]);
    expect(fail(new Ejector({ consecutiveFailures: 1 }), 'only', 1, 0, 1)).toBe(false);
  });

  it('is forgotten when it is no more', () => {
    const ejector = new Ejector({ consecutiveFailures: 1 });
    fail(ejector, 'a', 1, 0);
    ejector.retain(new Set(['b']), 0);
    expect([ejector.rests('a', 0), ejector.wakesAtMs]).toEqual([false, Infinity]);
  });
});
