import { describe, expect, it } from '@jest/globals';
import { runWholeSeed } from './whole/run-whole.js';

/** A run of whole members takes as long as three of replicas, so there are a third as many. */
const seeds = Math.ceil(Number(process.env['CORRAL_SIMULATION_SEEDS'] ?? 200) / 3);
const first = Number(process.env['CORRAL_SIMULATION_FIRST'] ?? 1);

describe('ensembles of whole members', () => {
  it(`keep their promises to clients under the seeds from ${String(first)} to ${String(first + seeds - 1)}`, () => {
    const failures: string[] = [];
    let events = 0;
    let expired = 0;
    for (let seed = first; seed < first + seeds; seed += 1) {
      const outcome = runWholeSeed(seed);
      events += outcome.events;
      expired += outcome.expired;
      if (outcome.failure === undefined) continue;
      failures.push(`${outcome.failure.message}\n  npm run simulate -- --whole --seed ${String(seed)} --trace`);
    }
    expect(failures).toEqual([]);
    expect(events).toBeGreaterThan(seeds);
    expect(expired).toBeGreaterThan(0);
  });

  it('do the same again under the same seed, to the letter', () => {
    const once = runWholeSeed(7, { trace: true });
    const again = runWholeSeed(7, { trace: true });
    expect(once.trace.length).toBeGreaterThan(1000);
    expect(again.trace).toEqual(once.trace);
  });
});
