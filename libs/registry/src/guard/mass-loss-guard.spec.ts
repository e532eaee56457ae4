import { describe, expect, it } from '@jest/globals';
import { instanceOf } from '../instance/instance.fake.js';
import { MassLossGuard } from './mass-loss-guard.js';
import { verdictOf } from './votes.js';

/** Of `size` instances, the first `count` vanish at the time. */
function lose(guard: MassLossGuard, size: number, count: number, nowMs = 0): void {
  for (let i = 0; i < count; i += 1) guard.vanished(instanceOf(`i-${i}`), size - i - 1, nowMs);
}

const kept = (guard: MassLossGuard): string[] => [...guard.kept.keys()];

describe('the guard against mass loss', () => {
  it('lets a few instances go at once', () => {
    const guard = new MassLossGuard();
    lose(guard, 10, 5);
    expect(kept(guard)).toEqual([]);
  });

  it('keeps all that vanished within the window, when that is more than the share', () => {
    const guard = new MassLossGuard();
    lose(guard, 10, 6);
    expect(kept(guard)).toHaveLength(6);
    guard.vanished(instanceOf('i-9'), 3, 60_000);
    expect(kept(guard)).toHaveLength(7);
  });

  it('does not act for services that are too small to tell, nor for losses that lie far apart', () => {
    const small = new MassLossGuard();
    lose(small, 2, 2);
    expect(small.isActive).toBe(false);
    const slow = new MassLossGuard();
    for (let i = 0; i < 10; i += 1) slow.vanished(instanceOf(`i-${i}`), 9 - i, i * 11_000);
    expect(slow.isActive).toBe(false);
  });

  it('never acts when the share is 1, whatever platforms report', () => {
    const guard = new MassLossGuard({ share: 1 });
    lose(guard, 10, 10);
    guard.reported(instanceOf('i-1'), 0);
    expect([guard.isActive, kept(guard)]).toEqual([false, []]);
  });

  it('does not miss those that were about to leave', () => {
    const guard = new MassLossGuard();
    for (let i = 0; i < 8; i += 1) guard.vanished(instanceOf(`i-${i}`, { status: 'DRAINING' }), 9 - i, 0);
    expect(guard.isActive).toBe(false);
  });

  it('lets go of each that registers again, is dead or said that it left, and ends with the last', () => {
    const guard = new MassLossGuard();
    lose(guard, 3, 3);
    guard.settled('i-0');
    guard.settled('i-1');
    expect([kept(guard), guard.isActive]).toEqual([['i-2'], true]);
    guard.settled('i-2');
    expect([kept(guard), guard.isActive]).toEqual([[], false]);
  });

  it('lets go of everything after the longest time', () => {
    const guard = new MassLossGuard({ keepMs: 1000 });
    lose(guard, 3, 3, 5000);
    expect(guard.expiresAtMs).toBe(6000);
    expect(guard.expire(5999)).toBe(false);
    expect(guard.expire(6000)).toBe(true);
    expect([guard.isActive, guard.expiresAtMs]).toEqual([false, undefined]);
  });

  it('learns from a platform of instances that it never saw', () => {
    const guard = new MassLossGuard();
    guard.reported(instanceOf('before-my-time'), 0);
    expect(kept(guard)).toEqual(['before-my-time']);
  });

  it('can be switched off', () => {
    const guard = new MassLossGuard({ share: 1 });
    lose(guard, 100, 100);
    expect(guard.isActive).toBe(false);
  });
});

describe('the verdict of the platforms', () => {
  it.each([
    [{}, 2, 'unknown'],
    [{ p1: 'dead' }, 2, 'unknown'],
    [{ p1: 'dead', p2: 'dead' }, 3, 'dead'],
    [{ p1: 'dead' }, 1, 'dead'],
    [{ p1: 'dead', p2: 'alive', p3: 'dead' }, 3, 'alive'],
    [{}, 0, 'unknown'],
  ] as const)('of %j, with %d platforms, is %s', (votes, platforms, verdict) => {
    expect(verdictOf(votes, platforms)).toBe(verdict);
  });
});
