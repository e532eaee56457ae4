/** What a reader must know about the machine and the servers to judge the figures. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { repositoryRoot } from '../interop/harness/repository.js';

/** The surroundings of a run, for its heading. */
export interface Environment {
  readonly processor: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly kernel: string;
  readonly node: string;
  readonly java: string;
  /** The JVM's own default unless the command line sets another: Debian's scripts set none. */
  readonly apacheHeapMaxMb: number;
  readonly commit: string;
  /** Of the last minute before the run: above a few tenths, others have taken part in the measurement. */
  readonly loadAverage: number;
}

/** Asks the machine, the JVM and git. */
export function describeEnvironment(javaArguments: readonly string[]): Environment {
  const javaFlags = spawnSync('java', [...javaArguments, '-XX:+PrintFlagsFinal', '-version'], { encoding: 'utf8' });
  const heapBytes = /MaxHeapSize\s+=\s+(\d+)/.exec(javaFlags.stdout ?? '')?.[1];
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryMb: Math.round(totalmem() / 1e6),
    kernel: release(),
    node: process.version,
    java: /"([^"]+)"/.exec(javaFlags.stderr ?? '')?.[1] ?? 'none',
    apacheHeapMaxMb: Math.round(Number(heapBytes ?? 0) / 1e6),
    commit: commit(),
    loadAverage: loadavg()[0] ?? 0,
  };
}

function commit(): string {
  try {
    return execFileSync('git', ['-C', repositoryRoot(), 'describe', '--always', '--dirty'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
