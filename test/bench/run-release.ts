/** The row of a configuration release: runs release-fanout.ts in a process of its own and reads its line. */
import type { BenchOptions } from './options.js';
import type { ReleaseFanoutResult } from './release-fanout.js';
import { RELEASE_CLIENTS, RELEASE_GOAL } from './rows.js';
import { runProgram } from './run-program.js';
import type { Figure } from './table.js';

const RELEASES_PER_ROUND = 5;
/** The young generation that `npm start` gives to everything in one process. */
const NODE_ARGUMENTS = ['--max-semi-space-size=32'];

/** Measures it on Corral; there is nothing in Apache ZooKeeper to compare with. */
export async function measureRelease(options: BenchOptions, progress: (line: string) => void): Promise<Figure[]> {
  progress(`release to ${RELEASE_CLIENTS} subscribed clients, all in one process`);
  const rounds = options.rounds * RELEASES_PER_ROUND;
  const programArguments = ['--clients', `${RELEASE_CLIENTS}`, '--rounds', `${rounds}`, '--dir', options.directory];
  const nodeArguments = [...NODE_ARGUMENTS, ...options.nodeArguments];
  const result = await runProgram<ReleaseFanoutResult>('release-fanout', programArguments, nodeArguments);
  const figure = (title: string, corral: number, goal?: Figure['goal']): Figure => ({
    title: `release to ${RELEASE_CLIENTS.toLocaleString('en-US')} clients: ${title}`,
    unit: 'ms',
    corral,
    apache: undefined,
    goal,
  });
  return [
    figure('applied p50', result.p50Ms),
    figure('applied p99', result.p99Ms, RELEASE_GOAL),
    figure('CPU of all, clients and server', result.cpuMs),
    figure('acknowledged by all', result.acknowledgedMs),
  ];
}
