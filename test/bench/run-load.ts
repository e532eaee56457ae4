/** Measures one load on one server: fresh data, warm-up, measurement. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchOptions } from './options.js';
import type { LoadRow } from './rows.js';
import { startServers, type ServerKind } from './servers.js';
import { median } from './statistics.js';
import { runZkload, type LoadResult } from './zkload.js';

/** The port that the server under test listens on. */
export const BENCH_PORT = 21_390;

/** Measures a row on one server once. The server is alone on the machine with the load generator. */
async function measureOnce(row: LoadRow, kind: ServerKind, zkload: string, options: BenchOptions): Promise<LoadResult> {
  const directory = mkdtempSync(join(options.directory, `corral-bench-${kind}-`));
  const server = await startServers({ ...options, kind, directory, port: BENCH_PORT }, options.members);
  try {
    await runZkload(zkload, server, row.zkloadArguments, options.warmupSeconds);
    return await runZkload(zkload, server, row.zkloadArguments, options.measureSeconds);
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Measures a row on every server in turn (A B A B ...), and takes the medians of the rounds (errors are added up). */
export async function measureLoad(
  row: LoadRow,
  zkload: string,
  options: BenchOptions,
  progress: (line: string) => void,
): Promise<Map<ServerKind, LoadResult>> {
  const results = new Map<ServerKind, LoadResult[]>();
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const kind of options.servers) {
      const result = await measureOnce(row, kind, zkload, options);
      results.set(kind, [...(results.get(kind) ?? []), result]);
      progress(
        `${row.name} ${kind} ${round}/${options.rounds}: ${Math.round(result.ratePerSecond)}/s, ` +
          `p50 ${result.p50Us} us, ${result.cpuUsPerOperation.toFixed(2)} us of CPU each`,
      );
    }
  }
  return new Map([...results].map(([kind, list]) => [kind, medians(list)]));
}

function medians(list: readonly LoadResult[]): LoadResult {
  const of = (pick: (result: LoadResult) => number): number => median(list.map(pick));
  return {
    ratePerSecond: of((result) => result.ratePerSecond),
    p50Us: of((result) => result.p50Us),
    p99Us: of((result) => result.p99Us),
    cpuUsPerOperation: of((result) => result.cpuUsPerOperation),
    errorCount: list.reduce((sum, result) => sum + result.errorCount, 0),
  };
}
