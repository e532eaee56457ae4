/** `npm run simulate -- --seed N [--count M] [--trace]`: runs seeds, and prints those that break a promise. */

import { parseArgs } from 'node:util';
import { runSeed } from './world/run.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed);
const count = Number(values.count);
let failed = 0;
let delivered = 0;
let epochs = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const outcome = runSeed(seed, { trace: values.trace });
  for (const line of outcome.trace) console.log(line);
  delivered += outcome.delivered;
  epochs += outcome.epochs;
  if (outcome.failure === undefined) continue;
  failed += 1;
  console.log(`seed ${String(seed)} failed: ${values.trace ? (outcome.failure.stack ?? '') : outcome.failure.message}`);
  console.log(`  again, with everything that happened: npm run simulate -- --seed ${String(seed)} --trace`);
}
console.log(
  `${String(count)} seeds, ${String(failed)} failed; ${String(delivered)} transactions delivered, ${String(epochs)} leaders established`,
);
process.exitCode = failed === 0 ? 0 : 1;
