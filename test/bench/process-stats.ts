/** What Linux knows about a process and a directory: anonymous memory and disk use. */
import { readFileSync, readdirSync, lstatSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const BYTES_PER_BLOCK = 512;
const BYTES_PER_MB = 1_000_000;
const TMPFS_MAGIC = 0x01021994;

/** Anonymous resident memory of a process in megabytes (10^6 bytes): RssAnon of /proc/PID/status. */
export function anonymousMemoryMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kib = /^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error(`/proc/${pid}/status has no RssAnon: the benchmark needs Linux 4.5 or later`);
  return (Number(kib) * 1024) / BYTES_PER_MB;
}

/** Disk use of a directory in megabytes: allocated blocks, so that a sparse or preallocated file counts what it takes. */
export function diskUseMb(directory: string): number {
  let blocks = 0;
  for (const entry of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const stats = lstatSync(join(directory, entry));
    if (stats.isFile()) blocks += stats.blocks;
  }
  return (blocks * BYTES_PER_BLOCK) / BYTES_PER_MB;
}

/** Whether a directory lives in memory, where a sync costs nothing and a benchmark of it means nothing. */
export function isInMemory(directory: string): boolean {
  return statfsSync(directory).type === TMPFS_MAGIC;
}

/**
 * Waits until a figure has settled: until it moved by less than 2 % over the last `quietSeconds`,
 * or `secondsMax` have passed. Returns its last value.
 */
export async function settled(read: () => number, quietSeconds = 5, secondsMax = 40): Promise<number> {
  const samples: number[] = [read()];
  for (let second = 0; second < secondsMax; second += 1) {
    await delay(1000);
    samples.push(read());
    const recent = samples.slice(-1 - quietSeconds);
    if (recent.length > quietSeconds && Math.max(...recent) - Math.min(...recent) < 0.02 * Math.max(...recent)) break;
  }
  return samples.at(-1) ?? 0;
}
