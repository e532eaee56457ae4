/** Compiles and runs zkload, the load generator beside this file. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../interop/harness/repository.js';

const execute = promisify(execFile);

/** What one run of zkload measured. */
export interface LoadResult {
  /** Operations (or, with watchers, notifications) a second. */
  readonly ratePerSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** CPU time of the server process, or of all members together, per operation (or notification), user and system. */
  readonly cpuUsPerOperation: number;
  readonly errorCount: number;
}

/** The fields of zkload's JSON line that the benchmark reads. */
interface ZkloadLine {
  readonly ops_per_s: number;
  readonly ops: number;
  readonly seconds: number;
  readonly p50_us: number;
  readonly p99_us: number;
  readonly errors: number;
  readonly server_cpu_s: number;
}

/** Compiles zkload into a directory; returns the path of the program. */
export async function compileZkload(directory: string): Promise<string> {
  mkdirSync(directory, { recursive: true });
  const program = join(directory, 'zkload');
  await execute('cc', ['-O2', '-o', program, join(repositoryRoot(), 'test/bench/zkload.c')]);
  return program;
}

/** Runs zkload for some seconds against a server or an ensemble on loopback, its connections spread over the members. */
export async function runZkload(
  program: string,
  target: { readonly ports: readonly number[]; readonly pids: readonly number[] },
  loadArguments: readonly string[],
  seconds: number,
): Promise<LoadResult> {
  const { stdout, stderr } = await execute(program, [
    ...['-a', target.ports.map((port) => `127.0.0.1:${port}`).join(','), '-P', target.pids.join(',')],
    ...['-t', String(seconds)],
    ...loadArguments,
  ]);
  const line = JSON.parse(stdout) as ZkloadLine;
  const notificationsPerSecond = /notifications_per_s (\d+)/.exec(stderr)?.[1];
  const ratePerSecond = notificationsPerSecond === undefined ? line.ops_per_s : Number(notificationsPerSecond);
  return {
    ratePerSecond,
    p50Us: line.p50_us,
    p99Us: line.p99_us,
    cpuUsPerOperation: (line.server_cpu_s * 1e6) / (ratePerSecond * line.seconds),
    errorCount: line.errors,
  };
}
