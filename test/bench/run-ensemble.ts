/** Measures what only an ensemble has: the loss of its leader, and a member that comes back empty. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Load } from '../chaos/ensemble/load.js';
import { fourLetterWord } from '../interop/harness/four-letter-word.js';
import type { BenchOptions } from './options.js';
import { BENCH_PORT } from './run-load.js';
import {
  memberStart,
  type RunningServer,
  type ServerKind,
  startMembers,
  startServer,
  type ServerStart,
} from './servers.js';
import { median } from './statistics.js';
import { runZkload } from './zkload.js';

const CLIENTS = 10;
const LOAD_MS = 2_000;
const LOAD_SECONDS_MAX = 900;
const AFTER_FAILOVER_MS = 5_000;

/** Milliseconds from kill -9 of the leader to the next acknowledged write, with clients at the other members; the median of the rounds. */
export async function measureFailover(kind: ServerKind, options: BenchOptions, progress: Progress): Promise<number> {
  const gapsMs: number[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const gapMs = await withMembers(kind, options, async (servers) => {
      const leader = await leaderOf(servers);
      const others = servers.filter((server) => server !== leader);
      const load = await Load.start(
        others.map(({ port }) => port),
        CLIENTS,
      );
      await delay(LOAD_MS);
      const killedAtMs = performance.now();
      await leader.stop('SIGKILL');
      await delay(AFTER_FAILOVER_MS);
      await load.stop();
      return longestGapMs(load.told.answeredAtMs, killedAtMs);
    });
    progress(`failover ${kind} ${round + 1}/${options.rounds}: ${Math.round(gapMs)} ms`);
    gapsMs.push(gapMs);
  }
  return median(gapsMs);
}

/** The longest time without an answer that begins around a moment. */
function longestGapMs(answeredAtMs: readonly number[], momentMs: number): number {
  let longestMs = 0;
  let previousMs = momentMs;
  for (const atMs of answeredAtMs) {
    if (atMs < momentMs) continue;
    longestMs = Math.max(longestMs, atMs - previousMs);
    previousMs = atMs;
  }
  return previousMs === momentMs ? Infinity : longestMs;
}

/** Milliseconds from the start of an emptied follower to its first session, by which it has all znodes. */
export async function measureCatchUp(
  kind: ServerKind,
  zkload: string,
  options: BenchOptions,
  progress: Progress,
): Promise<number> {
  return withMembers(kind, options, async (servers, start) => {
    const load = ['-m', 'create', '-c', '15', '-w', '32', '-s', '100', '-n', String(options.znodeCount)];
    const [target] = servers;
    const loaded = await runZkload(zkload, target!, load, LOAD_SECONDS_MAX);
    progress(`catch-up ${kind}: loaded at ${Math.round(loaded.ratePerSecond)}/s`);
    const leader = await leaderOf(servers);
    const id = servers.findIndex((server) => server !== leader) + 1;
    await servers[id - 1]!.stop('SIGKILL');
    rmSync(join(start.directory, String(id), 'data'), { recursive: true, force: true });
    const again = await startServer(memberStart(start, id));
    servers[id - 1] = again;
    progress(`catch-up ${kind}: ${Math.round(again.startMs)} ms`);
    return again.startMs;
  });
}

type Progress = (line: string) => void;

async function withMembers<T>(
  kind: ServerKind,
  options: BenchOptions,
  run: (servers: RunningServer[], start: ServerStart) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(options.directory, `corral-bench-${kind}-`));
  const start = { ...options, kind, directory, port: BENCH_PORT };
  const servers = await startMembers(start);
  try {
    return await run(servers, start);
  } finally {
    await Promise.all(servers.map((server) => server.stop('SIGKILL')));
    rmSync(directory, { recursive: true, force: true });
  }
}

async function leaderOf(servers: readonly RunningServer[]): Promise<RunningServer> {
  for (const server of servers) {
    if (/Mode: leader/.test(await fourLetterWord(server.port, 'srvr', 2_000))) return server;
  }
  throw new Error('nobody leads');
}
