/** `npm run bench`: measures Corral and Apache ZooKeeper in turn on this machine, and prints the table of the goals. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describeEnvironment, type Environment } from './environment.js';
import { BenchUsageError, parseOptions, USAGE, type BenchOptions } from './options.js';
import { isInMemory } from './process-stats.js';
import {
  CATCH_UP_GOAL,
  CATCH_UP_ROW_NAME,
  CLIENT_ROW_NAME,
  DEMO_ROW_NAME,
  ENSEMBLE_LOAD_ROWS,
  FAILOVER_GOAL,
  FAILOVER_ROW_NAME,
  type Goal,
  LOAD_ROWS,
  MILLION_ROW_NAME,
  REGISTRY_ROW_NAME,
  RELEASE_ROW_NAME,
  REST_ROW_NAME,
} from './rows.js';
import { measureClient } from './run-client.js';
import { measureDemo } from './run-demo.js';
import { measureCatchUp, measureFailover } from './run-ensemble.js';
import { measureLoad } from './run-load.js';
import { measureMillion, type MillionFigures } from './run-million.js';
import { measureRegistry } from './run-registry.js';
import { measureRelease } from './run-release.js';
import { measureRest } from './run-rest.js';
import type { ServerKind } from './servers.js';
import { goalMet, loadFigures, millionFigures, renderTable, type Figure } from './table.js';
import { compileZkload } from './zkload.js';

async function measureAll(options: BenchOptions, progress: (line: string) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  const toolDirectory = mkdtempSync(join(options.directory, 'corral-bench-tools-'));
  try {
    const zkload = await compileZkload(toolDirectory);
    for (const row of options.members === 3 ? ENSEMBLE_LOAD_ROWS : LOAD_ROWS) {
      if (!options.rows.includes(row.name)) continue;
      figures.push(...loadFigures(row, await measureLoad(row, zkload, options, progress)));
    }
    if (options.rows.includes(MILLION_ROW_NAME)) {
      const measured = new Map<ServerKind, MillionFigures>();
      for (const kind of options.servers) measured.set(kind, await measureMillion(kind, zkload, options, progress));
      figures.push(...millionFigures(options.znodeCount, measured));
    }
    if (options.rows.includes(CLIENT_ROW_NAME)) figures.push(...(await measureClient(options, progress)));
    if (options.rows.includes(RELEASE_ROW_NAME)) figures.push(...(await measureRelease(options, progress)));
    if (options.rows.includes(REGISTRY_ROW_NAME)) figures.push(...(await measureRegistry(options, progress)));
    if (options.rows.includes(REST_ROW_NAME)) figures.push(...(await measureRest(options, progress)));
    if (options.rows.includes(DEMO_ROW_NAME)) figures.push(...(await measureDemo(progress)));
    if (options.rows.includes(FAILOVER_ROW_NAME)) {
      figures.push(
        await durationFigure('kill -9 of the leader: next acknowledged write', FAILOVER_GOAL, options, (kind) =>
          measureFailover(kind, options, progress),
        ),
      );
    }
    if (options.rows.includes(CATCH_UP_ROW_NAME)) {
      const title = `an empty follower: ${options.znodeCount.toLocaleString('en-US')} znodes caught up`;
      figures.push(
        await durationFigure(title, CATCH_UP_GOAL, options, (kind) => measureCatchUp(kind, zkload, options, progress)),
      );
    }
  } finally {
    rmSync(toolDirectory, { recursive: true, force: true });
  }
  return figures;
}

async function durationFigure(
  title: string,
  goal: Goal,
  options: BenchOptions,
  measure: (kind: ServerKind) => Promise<number>,
): Promise<Figure> {
  const measured = new Map<ServerKind, number>();
  for (const kind of options.servers) measured.set(kind, await measure(kind));
  return { title, unit: 'ms', corral: measured.get('corral'), apache: measured.get('apache'), goal };
}

function heading(environment: Environment, options: BenchOptions): string {
  const { processor, cores, memoryMb, kernel, node, java, apacheHeapMaxMb, commit, loadAverage } = environment;
  return [
    `${new Date().toISOString()}  commit ${commit}  load average before the run ${loadAverage.toFixed(2)}`,
    `${cores} cores (${processor}), ${memoryMb} MB, Linux ${kernel}, node ${node}, java ${java} (heap at most ${apacheHeapMaxMb} MB)`,
    `each load: ${options.warmupSeconds} s of warm-up, ${options.measureSeconds} s measured, ` +
      `median of ${options.rounds}; one server at a time, the load generator on the same cores; both sync every write`,
  ].join('\n');
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (isInMemory(options.directory)) {
    throw new BenchUsageError(`--dir: ${options.directory} is in memory, where a sync costs nothing; name a disk`);
  }
  const environment = describeEnvironment(options.javaArguments);
  const figures = await measureAll(options, (line) => process.stderr.write(`${line}\n`));
  if (options.json) {
    const measured = figures.map((figure) => ({ ...figure, met: goalMet(figure) ?? null }));
    process.stdout.write(`${JSON.stringify({ environment, options, figures: measured }, null, 2)}\n`);
  } else {
    process.stdout.write(`${heading(environment, options)}\n\n${renderTable(figures)}\n`);
  }
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(error instanceof BenchUsageError ? `${error.message}\n\n${USAGE}` : `${String(error)}\n`);
    process.exitCode = 1;
  },
);
