/** Measures a large tree on one server: memory, restart and disk with 1,000,000 znodes of 100 bytes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchOptions } from './options.js';
import { anonymousMemoryMb, diskUseMb, settled } from './process-stats.js';
import { BENCH_PORT } from './run-load.js';
import { startServer, type RunningServer, type ServerKind } from './servers.js';
import { median } from './statistics.js';
import { runZkload } from './zkload.js';

const LOAD_SECONDS_MAX = 600;
const RESTARTS = 3;

/** What a large tree costs one server. */
export interface MillionFigures {
  /** Anonymous memory after loading, settled. */
  readonly loadedAnonymousMb: number;
  /** Disk use after loading, settled: the blocks that the data directory takes. */
  readonly diskMb: number;
  /** Process start to first session, after SIGTERM: the median of some restarts. */
  readonly restartMs: number;
  /** The same after SIGKILL at the end of a load of further writes. */
  readonly restartAfterKillMs: number;
  /** Anonymous memory after a restart, settled. */
  readonly restartedAnonymousMb: number;
}

/** Loads the tree, stops and starts the server, and measures on the way. */
export async function measureMillion(
  kind: ServerKind,
  zkload: string,
  options: BenchOptions,
  progress: (line: string) => void,
): Promise<MillionFigures> {
  const directory = mkdtempSync(join(options.directory, `corral-bench-${kind}-`));
  const start = (): Promise<RunningServer> => startServer({ ...options, kind, directory, port: BENCH_PORT });
  let server = await start();
  try {
    const load = ['-m', 'create', '-c', '15', '-w', '32', '-s', '100', '-n', String(options.znodeCount)];
    const loaded = await runZkload(zkload, server, load, LOAD_SECONDS_MAX);
    progress(`million ${kind}: loaded at ${Math.round(loaded.ratePerSecond)}/s`);
    const loadedAnonymousMb = await settled(() => anonymousMemoryMb(server.pid));
    const diskMb = await settled(() => diskUseMb(join(directory, 'data')));
    progress(`million ${kind}: ${Math.round(loadedAnonymousMb)} MB anonymous, ${Math.round(diskMb)} MB on disk`);

    const restartsMs: number[] = [];
    for (let i = 0; i < RESTARTS; i += 1) {
      await server.stop('SIGTERM');
      server = await start();
      restartsMs.push(server.startMs);
    }
    const restartedAnonymousMb = await settled(() => anonymousMemoryMb(server.pid));
    progress(
      `million ${kind}: restarts ${restartsMs.map(Math.round).join(', ')} ms, ` +
        `then ${Math.round(restartedAnonymousMb)} MB anonymous`,
    );

    const moreWrites = ['-m', 'set', '-c', '15', '-w', '32', '-s', '100', '-p', '/more'];
    await runZkload(zkload, server, moreWrites, 3);
    await server.stop('SIGKILL');
    server = await start();
    progress(`million ${kind}: restart after SIGKILL ${Math.round(server.startMs)} ms`);
    return {
      loadedAnonymousMb,
      diskMb,
      restartMs: median(restartsMs),
      restartAfterKillMs: server.startMs,
      restartedAnonymousMb,
    };
  } finally {
    await server.stop('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
}
