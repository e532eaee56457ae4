import type { ServiceInstance } from './instance.js';

/** An instance of the service `web`, as specs need it. */
export function instanceOf(id: string, change: Partial<ServiceInstance> = {}): ServiceInstance {
  return {
    service: 'web',
    id,
    address: '10.0.0.1',
    port: 80,
    metadata: {},
    weight: 1,
    status: 'UP',
    health: 'unknown',
    registeredAtMs: 0,
    serviceType: 'DYNAMIC',
    ...change,
  };
}

/** Chance that repeats: numbers from 0 to 1 that a seed decides (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
