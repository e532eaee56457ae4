/** The row of the client: one `@corral/client`, in a process of its own, on each server in turn. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientGetsResult } from './client-gets.js';
import type { BenchOptions } from './options.js';
import { CLIENT_GOAL } from './rows.js';
import { BENCH_PORT } from './run-load.js';
import { runProgram } from './run-program.js';
import { type ServerKind, startServer } from './servers.js';
import type { Figure } from './table.js';

async function measureOn(kind: ServerKind, options: BenchOptions): Promise<ClientGetsResult> {
  const directory = mkdtempSync(join(options.directory, `corral-bench-${kind}-`));
  const server = await startServer({ ...options, kind, directory, port: BENCH_PORT });
  try {
    return await runProgram<ClientGetsResult>('client-gets', [`127.0.0.1:${server.port}`]);
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Measures the gets of one client, which has one core; the server has the other. */
export async function measureClient(options: BenchOptions, progress: (line: string) => void): Promise<Figure[]> {
  const measured = new Map<ServerKind, ClientGetsResult>();
  for (const kind of options.servers) {
    progress(`gets of one @corral/client on ${kind}`);
    measured.set(kind, await measureOn(kind, options));
  }
  const [corral, apache] = [measured.get('corral'), measured.get('apache')];
  return [
    {
      title: '@corral/client on each server: gets, 1,000 outstanding',
      unit: '/s',
      corral: corral?.getsPerSecond,
      apache: apache?.getsPerSecond,
      goal: CLIENT_GOAL,
    },
    {
      title: '@corral/client on each server: its own CPU per get',
      unit: 'us',
      corral: corral?.cpuUsPerGet,
      apache: apache?.cpuUsPerGet,
      goal: undefined,
    },
  ];
}
