import { describe, expect, it } from '@jest/globals';
import { FeedPool } from './feed-pool.js';

class Thing {
  isClosed = false;

  constructor(readonly key: string) {}

  close(): void {
    this.isClosed = true;
  }
}

function poolAt(clock: { nowMs: number }, feedsMax = 2): FeedPool<Thing> {
  return new FeedPool((key) => new Thing(key), { feedsMax, idleMs: 100, nowMs: () => clock.nowMs });
}

describe('a pool of feeds', () => {
  it('opens one for each key', () => {
    const pool = poolAt({ nowMs: 0 });
    expect(pool.get('a')).toBe(pool.get('a'));
    expect(pool.get('a')).not.toBe(pool.get('b'));
  });

  it('closes what nobody has used for long, and not what is in use', async () => {
    const clock = { nowMs: 0 };
    const pool = poolAt(clock);
    const idle = pool.get('a');
    await pool.during('b', async (busy) => {
      clock.nowMs = 101;
      pool.sweep();
      expect(busy.isClosed).toBe(false);
    });
    expect(idle.isClosed).toBe(true);
    expect(pool.size).toBe(1);
  });

  it('gives up the one that was unused longest when there are too many', () => {
    const clock = { nowMs: 0 };
    const pool = poolAt(clock);
    const [a, b] = ['a', 'b'].map((key) => {
      clock.nowMs += 1;
      return pool.get(key);
    });
    clock.nowMs += 1;
    pool.get('a');
    pool.get('c');
    expect([a?.isClosed, b?.isClosed]).toEqual([false, true]);
  });

  it('refuses another when all are in use', async () => {
    const pool = poolAt({ nowMs: 0 }, 1);
    await pool.during('a', async () => {
      expect(() => pool.get('b')).toThrow('more than 1 different things');
    });
  });
});
