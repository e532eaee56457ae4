/** The rows of the registry: runs registry-mesh.ts in a process of its own and reads its line. */
import type { BenchOptions } from './options.js';
import type { RegistryMeshResult } from './registry-mesh.js';
import { REGISTRY_GOALS } from './rows.js';
import { runProgram } from './run-program.js';
import type { Figure } from './table.js';

/** Measures it on Corral; there is nothing in Apache ZooKeeper to compare with. */
export async function measureRegistry(options: BenchOptions, progress: (line: string) => void): Promise<Figure[]> {
  progress('registry with 10,000 instances in 100 services, all in one process');
  const programArguments = ['--dir', options.directory];
  const result = await runProgram<RegistryMeshResult>('registry-mesh', programArguments, options.nodeArguments);
  const figure = (title: string, unit: string, corral: number, goal?: Figure['goal']): Figure => ({
    title: `registry, 10,000 instances: ${title}`,
    unit,
    corral,
    apache: undefined,
    goal,
  });
  return [
    figure('registering', '/s', result.registrationsPerSecond, REGISTRY_GOALS.registrationsPerSecond),
    figure('cold watch of all', 'ms', result.coldWatchMs, REGISTRY_GOALS.coldWatchMs),
    figure('left, seen by a watcher p50', 'ms', result.leaveP50Ms),
    figure('left, seen by a watcher p99', 'ms', result.leaveP99Ms, REGISTRY_GOALS.leaveMs),
    figure('died, seen after the session timeout', 'ms', result.deathOverTimeoutMs, REGISTRY_GOALS.deathMs),
  ];
}
