/** `npm run simulate -- --seed N [--count M] [--trace] [--whole]`: runs seeds, and prints those that break a promise. */

import { parseArgs } from 'node:util';
import { runWholeSeed } from './whole/run-whole.js';
import { runSeed } from './world/run.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
    whole: { type: 'boolean', default: false },
  },
});
const run = values.whole ? runWholeSeed : runSeed;
const first = Number(values.seed);
const count = Number(values.count);
let failed = 0;
let delivered = 0;
let acknowledged = 0;
let epochs = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const outcome = run(seed, { trace: values.trace });
  for (const line of outcome.trace) console.log(line);
  delivered += outcome.delivered;
  acknowledged += outcome.acknowledged;
  epochs += outcome.epochs;
  if (outcome.failure === undefined) continue;
  failed += 1;
  console.log(`seed ${String(seed)} failed: ${values.trace ? (outcome.failure.stack ?? '') : outcome.failure.message}`);
  const level = values.whole ? ' --whole' : '';
  console.log(`  again, with everything that happened: npm run simulate --${level} --seed ${String(seed)} --trace`);
}
console.log(
  `${String(count)} seeds, ${String(failed)} failed; ${String(delivered)} transactions delivered, ${String(acknowledged)} of them acknowledged, ${String(epochs)} leaders established`,
);
process.exitCode = failed === 0 ? 0 : 1;
