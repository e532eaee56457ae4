/** Runs kazoo's tests, as installed, under pytest with our plugin, against a server that the tests may stop and start. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import type { ControlledServer } from '../support/controlled-server.js';
import { FOREIGN_DIRECTORY, PYTHON, buildDirectory } from '../support/tools.js';

/** What one test came to; a skipped one did not pass. */
export interface KazooOutcome {
  readonly passed: boolean;
  readonly detail: string;
}

/** Outcomes by the name of the test, `file::class::test`. */
export type KazooOutcomes = ReadonlyMap<string, KazooOutcome>;

const PACKAGE = 'kazoo.tests';
/** Where the plugin finds the socket on which it asks for the server's start and stop. */
const CONTROL_DESCRIPTOR = 3;
/** pytest's exit codes for "all passed" and "some failed"; any other means that it did not do its work. */
const FINISHED_CODES = [0, 1];
/** Then pytest is killed, and what has not run by then counts as not passed. */
const RUN_TIMEOUT_MS = 300_000;

/** Runs all tests but the excluded ones, or only those named in `selected`. */
export async function runKazooTests(
  server: ControlledServer,
  excluded: Readonly<Record<string, string>>,
  selected: readonly string[] = [],
): Promise<KazooOutcomes> {
  const directory = buildDirectory('kazoo');
  const resultsFile = join(directory, 'results.jsonl');
  const child = spawn(
    PYTHON,
    ['-m', 'pytest', '-p', 'managed_server', '-p', 'no:cacheprovider', '-q', '--tb=short', '--pyargs', PACKAGE],
    {
      cwd: directory,
      env: {
        ...process.env,
        PYTHONPATH: join(FOREIGN_DIRECTORY, 'kazoo'),
        PYTHONDONTWRITEBYTECODE: '1',
        KAZOO_SERVER_PORT: String(server.clientPort),
        KAZOO_RESULTS: resultsFile,
        KAZOO_EXCLUDED: JSON.stringify(Object.keys(excluded)),
        KAZOO_SELECTED: JSON.stringify(selected),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    },
  );
  serveControl(child.stdio[CONTROL_DESCRIPTOR] as Duplex, server);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  let killed = false;
  const timer = setTimeout(() => (killed = child.kill('SIGKILL')), RUN_TIMEOUT_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(timer);
  // A test may have left the server stopped when it failed.
  await server.start();
  const finished = killed || (code !== null && FINISHED_CODES.includes(code));
  if (!finished || !existsSync(resultsFile)) {
    throw new Error(`pytest ended with ${code}:\n${output.slice(-4_000)}`);
  }
  return readOutcomes(resultsFile);
}

/** Answers "start" and "stop" with "done" once it is, or with what went wrong. */
function serveControl(control: Duplex, server: ControlledServer): void {
  control.on('error', () => undefined);
  createInterface(control).on('line', (request) => {
    server.obey(request).then(
      () => control.write('done\n'),
      (error: unknown) => control.write(`${String(error).replaceAll('\n', ' ')}\n`),
    );
  });
}

/** A test whose call and tear-down both report counts as passed only when neither failed. */
function readOutcomes(file: string): KazooOutcomes {
  const outcomes = new Map<string, KazooOutcome>();
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const report = JSON.parse(line) as { test: string; outcome: string; detail: string };
    const earlier = outcomes.get(report.test);
    if (earlier?.passed === false) continue;
    outcomes.set(report.test, { passed: report.outcome === 'passed', detail: report.detail });
  }
  return outcomes;
}
