/** A simulator that finds nothing proves nothing: each of these faults must be found, within a number of seeds. */

import { describe, expect, it } from '@jest/globals';
import { wholeSabotages } from './sabotage/whole-sabotages.js';
import { runWholeSeed } from './whole/run-whole.js';

const SEEDS_MAX = 200;

describe('the simulator finds a whole member that', () => {
  it.each(wholeSabotages)('$name', (tamper) => {
    let failure: Error | undefined;
    for (let seed = 1; seed <= SEEDS_MAX && failure === undefined; seed += 1) {
      failure = runWholeSeed(seed, { tamper }).failure;
    }
    expect(failure).toBeDefined();
  });
});
