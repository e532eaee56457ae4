/** The row of the platform's REST: a coordinator and a platform in one process, and reads of one service from another. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HttpApi } from '../e2e/platform/http-api.js';
import { PlatformProcess } from '../e2e/platform/platform-process.js';
import type { BenchOptions } from './options.js';
import type { RestReadsResult } from './rest-reads.js';
import { REST_GOALS } from './rows.js';
import { runProgram } from './run-program.js';
import type { Figure } from './table.js';

const INSTANCES = 10;
const PATH = '/v1/registry/services/pricing/instances';

/** Any free ports, and no limit for one caller, since all requests come from one. */
const CONFIGURATION = `clients: { port: 0 }
admin: { port: 0 }
platform: { enabled: true, http: { port: 0 }, grpc: { port: 0 }, limits: { readsPerSecondMax: 0 } }
`;

async function register(api: HttpApi, number: number): Promise<void> {
  const instance = { id: `pricing-${number}`, address: '10.0.0.1', port: 8080 + number, ttlMs: 60_000 };
  const { body, status } = await api.send('POST', PATH, instance);
  if (status !== 201) throw new Error(`registering answers ${status}: ${JSON.stringify(body)}`);
}

/** Measures it on Corral; there is nothing in Apache ZooKeeper to compare with. */
export async function measureRest(options: BenchOptions, progress: (line: string) => void): Promise<Figure[]> {
  progress(`REST reads of one service with ${INSTANCES} instances`);
  const directory = mkdtempSync(join(options.directory, 'corral-bench-rest-'));
  writeFileSync(join(directory, 'corral.yaml'), CONFIGURATION);
  const platform = await PlatformProcess.start({ commandLine: ['serve', 'corral.yaml'], directory });
  try {
    const api = new HttpApi(platform.url);
    for (let number = 0; number < INSTANCES; number += 1) await register(api, number);
    const result = await runProgram<RestReadsResult>('rest-reads', [platform.url + PATH]);
    const figure = (title: string, unit: string, corral: number, goal?: Figure['goal']): Figure => ({
      title: `REST, one service of ${INSTANCES} instances: ${title}`,
      unit,
      corral,
      apache: undefined,
      goal,
    });
    return [
      figure('reads', '/s', result.readsPerSecond, REST_GOALS.readsPerSecond),
      figure('latency p50', 'ms', result.p50Ms),
      figure('latency p99', 'ms', result.p99Ms, REST_GOALS.p99Ms),
    ];
  } finally {
    await platform.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
