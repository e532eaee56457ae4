/** kazoo's own tests: whatever passes on Apache ZooKeeper passes on Corral. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';
import { KAZOO_EXCLUDED } from './kazoo/excluded.js';
import { runKazooTests, type KazooOutcomes } from './kazoo/run.js';
import { ControlledServer } from './support/controlled-server.js';
import { needsKazoo } from './support/tools.js';

const SUITE_TIMEOUT_MS = 420_000;

/** Several of kazoo's tests race with their own threads; a test counts as failing when it fails this often in a row. */
const ATTEMPTS = 3;

describeWith("kazoo's own tests", [needsApache, needsCorral, needsKazoo], () => {
  let apache: ControlledServer;
  let corral: ControlledServer;
  let onApache: KazooOutcomes;
  let onCorral: KazooOutcomes;

  beforeAll(async () => {
    [apache, corral] = await Promise.all([ControlledServer.start('apache'), ControlledServer.start('corral')]);
    // Both at once: kazoo's tests mostly wait.
    [onApache, onCorral] = await Promise.all([
      runKazooTests(apache, KAZOO_EXCLUDED),
      runKazooTests(corral, KAZOO_EXCLUDED),
    ]);
  }, SUITE_TIMEOUT_MS);

  afterAll(async () => {
    await Promise.all([apache?.close(), corral?.close()]);
  }, 60_000);

  it('runs more than 400 tests on Apache ZooKeeper, nearly all of which pass', () => {
    const passed = [...onApache.values()].filter((outcome) => outcome.passed).length;
    expect(onApache.size).toBeGreaterThan(400);
    expect(passed).toBeGreaterThan(onApache.size * 0.98);
  });

  it(
    'passes on Corral wherever it passes on Apache ZooKeeper',
    async () => {
      let failing = failingOnlyOn(onCorral, onApache);
      for (let attempt = 1; attempt < ATTEMPTS && failing.size > 0; attempt += 1) {
        failing = failingOnlyOn(await runKazooTests(corral, {}, [...failing.keys()]), onApache);
      }
      expect(Object.fromEntries(failing)).toEqual({});
    },
    SUITE_TIMEOUT_MS,
  );
});

/** The tests that do not pass in `candidate` although they pass in `reference`, each with its failure. */
function failingOnlyOn(candidate: KazooOutcomes, reference: KazooOutcomes): Map<string, string> {
  const failing = new Map<string, string>();
  for (const [test, { passed }] of reference) {
    const outcome = candidate.get(test);
    if (passed && outcome?.passed !== true) failing.set(test, outcome?.detail ?? 'did not run');
  }
  return failing;
}
