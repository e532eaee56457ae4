import { describe, expect, it } from '@jest/globals';
import type { SessionId } from '@corral/primitives';
import { SessionTracker } from './sessions.js';

const STEP_MS = 2000;
const id = (number: number): SessionId => BigInt(number) as SessionId;
const idsOf = (sessions: readonly { id: SessionId }[]): number[] => sessions.map((session) => Number(session.id));

describe('a session', () => {
  it.each([
    [0, 4000],
    [1, 4000],
    [1999, 4000],
    [2000, 4000],
    [123_456, 10_000],
    [0, 4001],
    [0, 1],
  ])(
    'that is heard of at %i ms with a timeout of %i ms lives that long, and at most a step longer',
    (nowMs, timeoutMs) => {
      const tracker = new SessionTracker(nowMs, STEP_MS);
      const session = tracker.add(id(1), timeoutMs, nowMs);
      expect(tracker.expire(nowMs + timeoutMs)).toEqual([]);
      expect(tracker.expire(session.expiresAtMs - 1)).toEqual([]);
      expect(session.expiresAtMs).toBeLessThanOrEqual(nowMs + timeoutMs + STEP_MS);
      expect(idsOf(tracker.expire(nowMs + timeoutMs + STEP_MS))).toEqual([1]);
    },
  );

  it('lives on when it is heard of', () => {
    const tracker = new SessionTracker(0, STEP_MS);
    const session = tracker.add(id(1), 4000, 0);
    for (let nowMs = 0; nowMs <= 100_000; nowMs += 3900) {
      expect(tracker.expire(nowMs)).toEqual([]);
      tracker.touch(session, 4000, nowMs);
    }
    expect(tracker.count).toBe(1);
  });

  it('may get a longer or a shorter timeout', () => {
    const tracker = new SessionTracker(0, STEP_MS);
    const session = tracker.add(id(1), 4000, 0);
    tracker.touch(session, 10_000, 0);
    expect(tracker.expire(6001)).toEqual([]);
    tracker.touch(session, 4000, 6001);
    expect(session.timeoutMs).toBe(4000);
    expect(idsOf(tracker.expire(12_001))).toEqual([1]);
  });

  it('keeps a new timeout although its next expiry is the same', () => {
    const tracker = new SessionTracker(0, STEP_MS);
    const session = tracker.add(id(1), 4000, 0);
    tracker.touch(session, 5000, 0);
    expect([session.expiresAtMs, session.timeoutMs]).toEqual([6000, 5000]);
  });

  it('expires once, and no word from its client brings it back', () => {
    const tracker = new SessionTracker(0, STEP_MS);
    const session = tracker.add(id(1), 4000, 0);
    expect(idsOf(tracker.expire(6000))).toEqual([1]);
    expect(session.closing).toBe(true);
    tracker.touch(session, 4000, 6000);
    expect(tracker.expire(1_000_000)).toEqual([]);
    expect(tracker.get(id(1))).toBe(session);
  });

  it('that is being closed does not expire', () => {
    const tracker = new SessionTracker(0, STEP_MS);
    tracker.add(id(1), 4000, 0).closing = true;
    expect(tracker.expire(1_000_000)).toEqual([]);
  });

  it('that was removed does not expire', () => {
    const tracker = new SessionTracker(0, STEP_MS);
    tracker.add(id(1), 4000, 0);
    tracker.remove(id(1));
    tracker.remove(id(1));
    expect(tracker.get(id(1))).toBeUndefined();
    expect(tracker.count).toBe(0);
    expect(tracker.expire(1_000_000)).toEqual([]);
  });

  it('that is added again goes on as the same', () => {
    const tracker = new SessionTracker(0, STEP_MS);
    const session = tracker.add(id(1), 4000, 0);
    expect(tracker.add(id(1), 4000, 5000)).toBe(session);
    expect(tracker.count).toBe(1);
    expect(tracker.expire(6000)).toEqual([]);
  });
});

describe('many sessions', () => {
  it('expire each in its own time, also when nobody looked for long', () => {
    const tracker = new SessionTracker(STEP_MS, 500);
    for (let number = 1; number <= 5; number += 1) tracker.add(id(number), number * 4000, 500);
    expect(idsOf(tracker.expire(6500))).toEqual([1]);
    expect(idsOf(tracker.expire(18_500))).toEqual([2, 3, 4]);
    expect(idsOf(tracker.expire(1_000_000))).toEqual([5]);
  });

  it('are all there to be listed', () => {
    const tracker = new SessionTracker(0, STEP_MS);
    for (const number of [3, 1, 2]) tracker.add(id(number), 4000, 0);
    expect(idsOf([...tracker.all()])).toEqual([3, 1, 2]);
  });
});
