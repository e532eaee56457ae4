/** kazoo's own tests: whatever passes on Apache ZooKeeper passes on Corral. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ServerKind } from '../harness/index.js';
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';
import { KAZOO_EXCLUDED } from './kazoo/excluded.js';
import { runKazooTests, type KazooOutcomes } from './kazoo/run.js';
import { ControlledServer } from './support/controlled-server.js';
import { needsKazoo } from './support/tools.js';

const SUITE_TIMEOUT_MS = 900_000;

/** Several of kazoo's tests race with their own threads; a test counts as failing when it fails this often in a row. */
const ATTEMPTS = 3;

describeWith("kazoo's own tests", [needsApache, needsCorral, needsKazoo], () => {
  const servers: ControlledServer[] = [];
  let onApache: KazooOutcomes;
  let onCorral: KazooOutcomes;

  const runOn = async (kind: ServerKind): Promise<KazooOutcomes> => {
    const server = await ControlledServer.start(kind);
    servers.push(server);
    return runWithRetries(server);
  };

  beforeAll(async () => {
    // Both at once: kazoo's tests mostly wait.
    [onApache, onCorral] = await Promise.all([runOn('apache'), runOn('corral')]);
  }, SUITE_TIMEOUT_MS);

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
  }, 60_000);

  it('runs more than 400 tests on Apache ZooKeeper, nearly all of which pass', () => {
    expect(onApache.size).toBeGreaterThan(400);
    expect(failing(onApache).length).toBeLessThan(onApache.size * 0.02);
  });

  it('passes on Corral wherever it passes on Apache ZooKeeper', () => {
    const failingOnlyOnCorral = [...onApache]
      .filter(([test, { passed }]) => passed && onCorral.get(test)?.passed !== true)
      .map(([test]) => [test, onCorral.get(test)?.detail ?? 'did not run']);
    expect(Object.fromEntries(failingOnlyOnCorral)).toEqual({});
  });
});

async function runWithRetries(server: ControlledServer): Promise<KazooOutcomes> {
  const outcomes = new Map(await runKazooTests(server, KAZOO_EXCLUDED));
  for (let attempt = 1; attempt < ATTEMPTS && failing(outcomes).length > 0; attempt += 1) {
    for (const [test, outcome] of await runKazooTests(server, {}, failing(outcomes))) outcomes.set(test, outcome);
  }
  return outcomes;
}

/** The names of the tests that did not pass. */
function failing(outcomes: KazooOutcomes): string[] {
  return [...outcomes].filter(([, { passed }]) => !passed).map(([test]) => test);
}
