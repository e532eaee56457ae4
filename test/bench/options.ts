/** The command line of the benchmark: what to run, for how long, and how to print it. */
import { parseArgs } from 'node:util';
import { tmpdir } from 'node:os';
import { ENSEMBLE_ROW_NAMES, MILLION_ROW_NAME, ROW_GROUPS, ROW_NAMES } from './rows.js';
import type { ServerKind } from './servers.js';

/** What a run of the benchmark was asked to do. */
export interface BenchOptions {
  /** The rows to measure, in the order of the table. */
  readonly rows: readonly string[];
  /** How many members the ensemble has; 1 stands alone. */
  readonly members: 1 | 3;
  /** Seconds that each load is measured for, after its warm-up. */
  readonly measureSeconds: number;
  /** Seconds of the same load, on the same server, before it is measured: the JVM and V8 compile what is hot. */
  readonly warmupSeconds: number;
  /** How often each row is measured on each server, in turn; the table shows medians. */
  readonly rounds: number;
  /** How many znodes the memory row loads. */
  readonly znodeCount: number;
  /** The servers to measure. */
  readonly servers: readonly ServerKind[];
  /** Where the servers keep their data while they run: must be a disk. */
  readonly directory: string;
  /** More arguments for the Corral process's `node`, such as `--cpu-prof`. */
  readonly nodeArguments: readonly string[];
  /** More arguments for Apache's `java`, such as `-Xmx1g`. */
  readonly javaArguments: readonly string[];
  /** Whether to print JSON instead of the table. */
  readonly json: boolean;
}

/** The help that `--help` prints. */
export const USAGE = `npm run bench -- [options]

  --only ROW[,ROW]   measure these rows only; by group:
${Object.entries(ROW_GROUPS)
  .map(([group, rows]) => `                       ${group.padEnd(9)} ${rows.join(' ')}`)
  .join('\n')}
  --server KIND      corral, apache or both (default both)
  --seconds N        seconds each load is measured for (default 5)
  --warmup N         seconds of the same load before that (default 4)
  --rounds N         measurements per row and server, in turn (default 3)
  --znodes N         znodes of the row "${MILLION_ROW_NAME}" (default 1000000)
  --members N        members of the ensemble, 1 or 3 (default 1); with 3 the rows are ${ENSEMBLE_ROW_NAMES.join(' ')}
  --dir DIR          where the servers keep their data (default the system's temporary directory)
  --node-args=ARGS   more arguments for the node that runs Corral, such as --cpu-prof
  --java-args=ARGS   more arguments for the java that runs Apache, such as -Xmx1g
  --json             print JSON instead of the table
`;

/** Thrown when the command line cannot be understood; the message says what is allowed. */
export class BenchUsageError extends Error {}

/** Reads the command line; returns undefined when only help is wanted. */
export function parseOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      server: { type: 'string', default: 'both' },
      seconds: { type: 'string', default: '5' },
      warmup: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '3' },
      znodes: { type: 'string', default: '1000000' },
      members: { type: 'string', default: '1' },
      dir: { type: 'string', default: tmpdir() },
      'node-args': { type: 'string', default: '' },
      'java-args': { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const members = membersOf(values.members);
  return {
    rows: rowsOf(values.only, members),
    members,
    measureSeconds: positive('--seconds', values.seconds),
    warmupSeconds: positive('--warmup', values.warmup),
    rounds: positive('--rounds', values.rounds),
    znodeCount: positive('--znodes', values.znodes),
    servers: serversOf(values.server),
    directory: values.dir,
    nodeArguments: words(values['node-args']),
    javaArguments: words(values['java-args']),
    json: values.json,
  };
}

function membersOf(text: string): 1 | 3 {
  if (text === '1') return 1;
  if (text === '3') return 3;
  throw new BenchUsageError(`--members: "${text}"; allowed: 1 or 3`);
}

function rowsOf(only: string | undefined, members: 1 | 3): string[] {
  const known = members === 3 ? ENSEMBLE_ROW_NAMES : ROW_NAMES;
  if (only === undefined) return [...known];
  const groups = members === 3 ? {} : ROW_GROUPS;
  const wanted = only.split(',').flatMap((name) => groups[name] ?? name);
  for (const name of wanted) {
    if (known.includes(name)) continue;
    throw new BenchUsageError(`--only: no row "${name}"; there are ${[...known, ...Object.keys(groups)].join(', ')}`);
  }
  return known.filter((name) => wanted.includes(name));
}

function serversOf(server: string): ServerKind[] {
  if (server === 'both') return ['corral', 'apache'];
  if (server === 'corral' || server === 'apache') return [server];
  throw new BenchUsageError(`--server: "${server}" is none of corral, apache, both`);
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new BenchUsageError(`${name}: "${text}" is not a number above 0`);
  return value;
}
