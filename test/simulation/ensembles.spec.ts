import { describe, expect, it } from '@jest/globals';
import { runSeed } from './world/run.js';

/** A few in daily work, many where there is time: CORRAL_SIMULATION_SEEDS, and CORRAL_SIMULATION_FIRST to see others. */
const seeds = Number(process.env['CORRAL_SIMULATION_SEEDS'] ?? 200);
const first = Number(process.env['CORRAL_SIMULATION_FIRST'] ?? 1);

describe('ensembles', () => {
  it(`keep their promises under the seeds from ${String(first)} to ${String(first + seeds - 1)}`, () => {
    const failures: string[] = [];
    for (let seed = first; seed < first + seeds; seed += 1) {
      const { failure } = runSeed(seed);
      if (failure === undefined) continue;
      failures.push(`${failure.message}\n  npm run simulate -- --seed ${String(seed)} --trace`);
    }
    expect(failures).toEqual([]);
  });

  it('do the same again under the same seed, to the letter', () => {
    const once = runSeed(7, { trace: true });
    const again = runSeed(7, { trace: true });
    expect(once.trace.length).toBeGreaterThan(1000);
    expect(again.trace).toEqual(once.trace);
  });

  it('do something else under another seed', () => {
    expect(runSeed(8, { trace: true }).trace).not.toEqual(runSeed(7, { trace: true }).trace);
  });
});
