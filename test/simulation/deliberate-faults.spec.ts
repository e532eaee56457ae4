/** A simulator that finds nothing proves nothing: each of these faults must be found, within a number of seeds. */

import { describe, expect, it } from '@jest/globals';
import { sabotages } from './sabotage/sabotages.js';
import { runSeed } from './world/run.js';

const SEEDS_MAX = 1500;

describe('the simulator finds a member that', () => {
  it.each(sabotages)('$name', (sabotage) => {
    let failure: Error | undefined;
    for (let seed = 1; seed <= SEEDS_MAX && failure === undefined; seed += 1) {
      failure = runSeed(seed, { sabotage }).failure;
    }
    expect(failure).toBeDefined();
  });
});
