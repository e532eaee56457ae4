import { mkdtempSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Zxid } from '@corral/primitives';
import { entryBytes } from '@corral/zab/testing';
import { type LogDisk, realDisk } from './disk.js';
import { LogFailedError } from './errors.js';
import { FileTransactionLog } from './file-transaction-log.js';

/** A disk that takes so many bytes more, and then is full; and whose sync can be made to fail. */
class FailingDisk implements LogDisk {
  freeBytes = Number.POSITIVE_INFINITY;
  syncFails = false;

  write(fd: number, bytes: Uint8Array, lengthBytes: number, position: number): void {
    const taken = Math.min(lengthBytes, this.freeBytes);
    writeSync(fd, bytes, 0, taken, position);
    this.freeBytes -= taken;
    if (taken < lengthBytes) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  }

  sync(fd: number, done: (error: Error | null) => void): void {
    if (this.syncFails) setImmediate(done, Object.assign(new Error('input/output error'), { code: 'EIO' }));
    else realDisk.sync(fd, done);
  }
}

describe('the log on a failing disk', () => {
  let directory: string;
  let disk: FailingDisk;
  let log: FileTransactionLog;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'corral-disk-'));
    disk = new FailingDisk();
    log = FileTransactionLog.open({ directory, appliedZxid: 0 as Zxid, disk });
  });

  afterEach(() => {
    log.close();
    rmSync(directory, { recursive: true });
  });

  const append = (...zxids: number[]): void => {
    for (const zxid of zxids) log.append(zxid as Zxid, entryBytes(zxid as Zxid));
  };

  const sync = (): Promise<Error | undefined> =>
    new Promise((resolve) => {
      log.sync(resolve);
    });

  const expectRefusal = async (): Promise<void> => {
    expect(log.failure).toBeInstanceOf(LogFailedError);
    expect(() => {
      append(50);
    }).toThrow(LogFailedError);
    expect(() => {
      log.truncate(0 as Zxid);
    }).toThrow(LogFailedError);
    expect(await sync()).toBe(log.failure);
  };

  const reopen = (): number[] => {
    log.close();
    log = FileTransactionLog.open({ directory, appliedZxid: 0 as Zxid });
    return [...log.read(0 as Zxid)].map((entry) => entry.zxid);
  };

  it('takes back what a full disk has taken of a batch, and takes nothing more', async () => {
    append(1);
    expect(await sync()).toBeUndefined();
    const before = readFileSync(join(directory, 'log.1')).subarray(0, 16 + 65);
    disk.freeBytes = 100;
    append(2, 3);
    const error = await sync();
    expect(error).toBeInstanceOf(LogFailedError);
    expect(error!.cause).toMatchObject({ code: 'ENOSPC' });
    expect(error!.message).toContain(join(directory, 'log.1'));
    expect(readFileSync(join(directory, 'log.1'))).toEqual(before);
    await expectRefusal();
    expect(reopen()).toEqual([1]);
    append(2);
    expect(await sync()).toBeUndefined();
  });

  it('survives a disk that is too full for a new file', async () => {
    disk.freeBytes = 7;
    append(1);
    expect((await sync())!.cause).toMatchObject({ code: 'ENOSPC' });
    await expectRefusal();
    expect(reopen()).toEqual([]);
    append(1);
    expect(await sync()).toBeUndefined();
    expect(reopen()).toEqual([1]);
  });

  it('takes nothing more after a failed sync, not even when the disk recovers', async () => {
    append(1);
    expect(await sync()).toBeUndefined();
    disk.syncFails = true;
    append(2);
    const error = await sync();
    expect(error).toBeInstanceOf(LogFailedError);
    expect(error!.cause).toMatchObject({ code: 'EIO' });
    disk.syncFails = false;
    await expectRefusal();
    // Nobody was told of 2, so either is right; 1 was acknowledged.
    expect(reopen()[0]).toBe(1);
  });

  it('reports the failure to what was appended while the sync was under way', async () => {
    disk.syncFails = true;
    append(1);
    const first = sync();
    append(2);
    expect(await first).toBeInstanceOf(LogFailedError);
    expect(await sync()).toBeInstanceOf(LogFailedError);
  });

  it('takes no disk space ahead of what is written', async () => {
    append(1);
    expect(await sync()).toBeUndefined();
    expect(statSync(join(directory, 'log.1')).blocks).toBeLessThan(64);
  });
});
