import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryInUseError, DirectoryLock } from './directory-lock.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'corral-lock-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Listens on a socket file until it is killed, as a server does that crashes. */
async function leaveDeadSocket(path: string): Promise<void> {
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(path)).toBe(true);
}

describe('DirectoryLock', () => {
  it('is held by one at a time', async () => {
    const lock = await DirectoryLock.take(directory);
    await expect(DirectoryLock.take(directory)).rejects.toThrow(DirectoryInUseError);
    lock.release();
    (await DirectoryLock.take(directory)).release();
  });

  it('is taken over from a process that was killed', async () => {
    await leaveDeadSocket(join(directory, 'lock.7'));
    const lock = await DirectoryLock.take(directory);
    await expect(DirectoryLock.take(directory)).rejects.toThrow(DirectoryInUseError);
    lock.release();
    expect(readdirSync(directory)).toEqual(['lock.8']);
  });

  it('goes to one of many that want it at the same moment, also when a dead one lies there', async () => {
    await leaveDeadSocket(join(directory, 'lock.7'));
    const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => DirectoryLock.take(directory)));
    const winners = attempts.filter((attempt) => attempt.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    winners[0]?.value.release();
    expect(readdirSync(directory)).toEqual(['lock.8']);
  });

  it('works in a directory whose path is longer than that of a socket may be', async () => {
    const deep = join(directory, 'x'.repeat(120), 'y'.repeat(120));
    mkdirSync(deep, { recursive: true });
    if (process.platform !== 'linux') return;
    const lock = await DirectoryLock.take(deep);
    await expect(DirectoryLock.take(deep)).rejects.toThrow(DirectoryInUseError);
    lock.release();
  });
});
