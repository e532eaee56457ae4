import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Zxid } from '@corral/primitives';
import { entryBytes } from '@corral/zab/testing';
import { LogDamagedError } from './errors.js';
import { FileTransactionLog } from './file-transaction-log.js';

const BODY_BYTES = 100_000;
const COUNT = 30;

describe('the checkpoint of the log', () => {
  let directory: string;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'corral-checkpoint-'));
    const log = open(0);
    for (let zxid = 1; zxid <= COUNT; zxid++) {
      log.append(zxid as Zxid, entryBytes(zxid as Zxid, BODY_BYTES));
      if (zxid % 2 === 0) await new Promise((resolve) => log.sync(resolve));
    }
    log.purge(20 as Zxid);
    log.close();
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const open = (appliedZxid: number): FileTransactionLog =>
    FileTransactionLog.open({ directory, appliedZxid: appliedZxid as Zxid });

  const noted = (): string => readFileSync(join(directory, 'checkpoint'), 'utf8');

  const flip = (offset: number): void => {
    const bytes = readFileSync(join(directory, 'log.1'));
    bytes[offset] = bytes[offset]! ^ 1;
    writeFileSync(join(directory, 'log.1'), bytes);
  };

  const expectWhole = (log: FileTransactionLog, after: number): void => {
    expect(log.lastZxid).toBe(COUNT);
    const zxids = [...log.read(after as Zxid)].map((entry) => entry.zxid);
    expect(zxids).toEqual(Array.from({ length: COUNT - after }, (_, index) => after + 1 + index));
    log.close();
  };

  it('stands at an entry that the tree has', () => {
    const zxid = Number(/^zxid (\d+) in segment 1 at byte \d+\n$/u.exec(noted())![1]);
    expect(zxid).toBeLessThanOrEqual(20);
    expect(zxid).toBeGreaterThan(10);
  });

  it('spares a restart what comes before it', () => {
    flip(1000);
    expectWhole(open(20), 20);
    expect(() => open(0)).toThrow(LogDamagedError);
  });

  it('is not believed by a tree that has less', () => {
    flip(1000);
    expect(() => open(5)).toThrow(LogDamagedError);
  });

  it.each([
    'zxid 20 in segment 1 at byte 16\n',
    'zxid 3 in segment 1 at byte 17\n',
    'zxid 3 in segment 1 at byte 99999999\n',
    'zxid 3 in segment 7 at byte 16\n',
    'zxid 3 in seg',
    '',
  ])('is not believed when it says %j', (text) => {
    writeFileSync(join(directory, 'checkpoint'), text);
    expectWhole(open(20), 0);
  });

  it('finds every place to read from', () => {
    for (const after of [0, 1, 9, 10, 11, 19, 20, 28, 29, 30]) expectWhole(open(0), after);
  });

  it('finds every place to read from after the log was cut and went on otherwise', async () => {
    const log = open(0);
    log.truncate(10 as Zxid);
    for (let zxid = 11; zxid <= COUNT; zxid++) {
      log.append(zxid as Zxid, entryBytes(zxid as Zxid, 70_000));
      await new Promise((resolve) => log.sync(resolve));
    }
    for (const after of [9, 10, 11, 20, 29]) {
      expect([...log.read(after as Zxid)].map((entry) => entry.zxid)[0]).toBe(after + 1);
    }
    expectWhole(log, 15);
    expectWhole(open(20), 20);
  });
});
