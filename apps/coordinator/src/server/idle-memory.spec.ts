import { describe, expect, it } from '@jest/globals';
import { IdleMemory } from './idle-memory.js';

describe('IdleMemory', () => {
  const watched = (): { memory: IdleMemory; collections: () => number } => {
    let count = 0;
    const memory = new IdleMemory(() => {
      count += 1;
    });
    return { memory, collections: () => count };
  };

  it('collects once after a busy time, when nobody has asked anything for two seconds', () => {
    const { memory, collections } = watched();
    memory.tick(50_000, 1_000);
    memory.tick(50_000, 2_900);
    expect(collections()).toBe(0);
    memory.tick(50_000, 3_000);
    memory.tick(50_000, 9_000);
    expect(collections()).toBe(1);
  });

  it('leaves a server alone that is asked much all the time', () => {
    const { memory, collections } = watched();
    for (let second = 1; second < 60; second += 1) memory.tick(50_000 + 21 * second, second * 1_000);
    expect(collections()).toBe(0);
  });

  it('takes pings for quiet', () => {
    const { memory, collections } = watched();
    for (let second = 1; second < 60; second += 1) memory.tick(50_000 + 20 * second, second * 1_000);
    expect(collections()).toBe(1);
  });

  it('does not collect for a few requests', () => {
    const { memory, collections } = watched();
    memory.tick(9_999, 1_000);
    memory.tick(9_999, 10_000);
    expect(collections()).toBe(0);
  });

  it('has a collector of its own', () => {
    const memory = new IdleMemory();
    memory.tick(50_000, 1_000);
    expect(() => {
      memory.tick(50_000, 5_000);
    }).not.toThrow();
  });
});
