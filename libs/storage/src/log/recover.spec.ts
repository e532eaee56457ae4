import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Zxid } from '@corral/primitives';
import { entryBytes } from '@corral/zab/testing';
import { ENTRY_FRAME_BYTES, ENTRY_HEADER_BYTES, FILE_HEADER_BYTES } from './entry-format.js';
import { LogDamagedError } from './errors.js';
import { FileTransactionLog } from './file-transaction-log.js';

const BODY_BYTES = 20;
const ENTRY_BYTES = ENTRY_FRAME_BYTES + 32 + BODY_BYTES;
const offsetOf = (index: number): number => FILE_HEADER_BYTES + index * ENTRY_BYTES;

describe('recovery of the log', () => {
  let directory: string;
  let messages: { level: string; message: string; fields: Readonly<Record<string, unknown>> }[];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'corral-recovery-'));
    messages = [];
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const open = (appliedZxid = 0, segmentBytesMax = 1_000_000): FileTransactionLog =>
    FileTransactionLog.open({
      directory,
      appliedZxid: appliedZxid as Zxid,
      segmentBytesMax,
      segmentsKept: 1,
      logger: (level, message, fields) => messages.push({ level, message, fields }),
    });

  /** Writes the zxids into the log, one sync each, and closes it. */
  const write = async (zxids: readonly number[], segmentBytesMax?: number): Promise<void> => {
    const log = open(0, segmentBytesMax);
    for (const zxid of zxids) {
      log.append(zxid as Zxid, entryBytes(zxid as Zxid, BODY_BYTES));
      await new Promise<void>((resolve, reject) => {
        log.sync((error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
      });
    }
    log.close();
  };

  /** What is in the log when it is opened again, and that it takes another entry and keeps it. */
  const recovered = async (appliedZxid = 0): Promise<number[]> => {
    const log = open(appliedZxid);
    const zxids = [...log.read(0 as Zxid)].map((entry) => entry.zxid);
    expect(log.lastZxid).toBe(zxids.at(-1) ?? 0);
    log.close();
    await write([100]);
    const again = open();
    expect([...again.read(0 as Zxid)].map((entry) => entry.zxid)).toEqual([...zxids, 100]);
    again.close();
    return zxids;
  };

  const file = (name = 'log.1'): string => join(directory, name);
  const warnings = (): string[] => messages.filter(({ level }) => level === 'warn').map(({ message }) => message);

  /** The files, once there are so few. */
  const filesLeft = async (count: number): Promise<string[]> => {
    const files = (): string[] => readdirSync(directory).filter((name) => name.startsWith('log.'));
    while (files().length > count) await new Promise((resolve) => setImmediate(resolve));
    return files().sort();
  };

  const change = (name: string, offset: number, to: (byte: number) => number): void => {
    const bytes = readFileSync(file(name));
    bytes[offset] = to(bytes[offset]!);
    writeFileSync(file(name), bytes);
  };

  const damageOf = (appliedZxid = 0): LogDamagedError => {
    try {
      open(appliedZxid).close();
    } catch (error) {
      if (error instanceof LogDamagedError) return error;
      throw error;
    }
    throw new Error('the log was opened as if nothing were wrong');
  };

  it('opens a sound log without a word', async () => {
    await write([1, 2, 3]);
    expect(await recovered()).toEqual([1, 2, 3]);
    expect(messages).toEqual([]);
  });

  it('cuts the last entry wherever it is torn, and says so', async () => {
    await write([1, 2, 3]);
    const whole = readFileSync(file());
    expect(whole.length).toBe(offsetOf(3));
    for (let length = offsetOf(2) + 1; length < offsetOf(3); length++) {
      writeFileSync(file(), whole.subarray(0, length));
      messages = [];
      expect(await recovered()).toEqual([1, 2]);
      // The rest of an entry that is all zeros is padding, and no entry at all; the checksum begins with four of them.
      if (length > offsetOf(2) + 4) {
        expect(warnings()).toEqual(['cut a torn record off the end of the transaction log']);
        expect(messages[0]!.fields).toMatchObject({ file: file(), offset: offsetOf(2), lastZxid: '0x2' });
      }
    }
  });

  it('cuts the last entry where it is torn inside zero padding', async () => {
    await write([1, 2, 3]);
    const whole = readFileSync(file());
    for (let length = offsetOf(2) + 5; length < offsetOf(3); length++) {
      writeFileSync(file(), Buffer.concat([whole.subarray(0, length), Buffer.alloc(offsetOf(3) - length + 5000)]));
      expect(await recovered()).toEqual([1, 2]);
    }
  });

  it('takes zeros for the end of the file', async () => {
    await write([1, 2]);
    appendFileSync(file(), Buffer.alloc(100_000));
    expect(await recovered()).toEqual([1, 2]);
    expect(messages).toEqual([]);
  });

  it.each([
    ['checksum', 5],
    ['upper half of the checksum', 1],
    ['length', 11],
    ['length, made huge', 8],
    ['zxid', ENTRY_HEADER_BYTES + 19],
    ['body', ENTRY_HEADER_BYTES + 40],
    ['end mark', ENTRY_BYTES - 1],
  ])('refuses to start over a flipped bit in the %s of an entry in the middle', async (_, at) => {
    await write([1, 2, 3]);
    change('log.1', offsetOf(1) + at, (byte) => byte ^ 0x40);
    const before = readFileSync(file());
    const damage = damageOf();
    expect(damage.file).toBe(file());
    expect(damage.offset).toBe(offsetOf(1));
    expect(damage.message).toContain(`${file()} at byte ${String(offsetOf(1))}`);
    expect(damage.message).toContain('truncate -s');
    expect(readFileSync(file())).toEqual(before);
  });

  it.each([
    ['checksum', 5],
    ['length', 11],
    ['body', ENTRY_HEADER_BYTES + 40],
    ['end mark', ENTRY_BYTES - 1],
  ])('cuts the last entry when its %s is wrong', async (_, at) => {
    await write([1, 2, 3]);
    change('log.1', offsetOf(2) + at, (byte) => byte ^ 0x40);
    expect(await recovered()).toEqual([1, 2]);
    expect(warnings()).toHaveLength(1);
  });

  it('refuses a hole of zeros before a good entry', async () => {
    await write([1, 2, 3]);
    const bytes = readFileSync(file()).fill(0, offsetOf(1), offsetOf(2));
    writeFileSync(file(), bytes);
    expect(damageOf().offset).toBe(offsetOf(1));
  });

  it('refuses an entry that is out of order', async () => {
    await write([1, 2, 3]);
    const bytes = readFileSync(file());
    writeFileSync(file(), Buffer.concat([bytes, bytes.subarray(offsetOf(1), offsetOf(2))]));
    const damage = damageOf();
    expect(damage.offset).toBe(offsetOf(3));
    expect(damage.what).toContain('0x2 follows 0x3');
  });

  it('refuses damage at the end of a file when another file follows', async () => {
    await write([1, 2, 3, 4], offsetOf(2));
    expect(readdirSync(directory).sort()).toEqual(['log.1', 'log.3']);
    change('log.1', offsetOf(1) + 20, (byte) => byte ^ 1);
    const damage = damageOf();
    expect(damage.file).toBe(file('log.1'));
    expect(damage.offset).toBe(offsetOf(1));
  });

  it('cuts the last file down to its whole entries when there are several', async () => {
    await write([1, 2, 3, 4], offsetOf(2));
    const bytes = readFileSync(file('log.3'));
    writeFileSync(file('log.3'), bytes.subarray(0, offsetOf(2) - 3));
    expect(await recovered()).toEqual([1, 2, 3]);
  });

  it('removes a last file whose only batch is torn', async () => {
    await write([1, 2, 3], offsetOf(2));
    writeFileSync(file('log.3'), readFileSync(file('log.3')).subarray(0, offsetOf(1) - 1));
    expect(await recovered()).toEqual([1, 2]);
    expect(readdirSync(directory)).toEqual(['log.1']);
  });

  it.each([0, 1, 8, 15])('removes a file that a crash left with %i bytes of its header', async (length) => {
    await write([1, 2, 3], offsetOf(2));
    writeFileSync(file('log.3'), readFileSync(file('log.3')).subarray(0, length));
    expect(await recovered()).toEqual([1, 2]);
    expect(warnings()).toEqual(['removed a log file that a crash left without its header']);
  });

  it('removes a file that a crash left with nothing but zeros', async () => {
    await write([1, 2]);
    writeFileSync(file('log.3'), Buffer.alloc(8192));
    expect(await recovered()).toEqual([1, 2]);
  });

  it('refuses a file that is no log', async () => {
    await write([1, 2]);
    writeFileSync(file('log.3'), 'something else entirely');
    expect(damageOf()).toMatchObject({ file: file('log.3'), offset: 0 });
  });

  it('does not read what the tree has', async () => {
    await write([1, 2, 3, 4, 5], offsetOf(2));
    change('log.1', offsetOf(0) + 20, (byte) => byte ^ 1);
    change('log.3', offsetOf(0) + 20, (byte) => byte ^ 1);
    expect(damageOf(3).file).toBe(file('log.3'));
    const log = open(5);
    expect(log.lastZxid).toBe(5);
    expect([...log.read(4 as Zxid)].map((entry) => entry.zxid)).toEqual([5]);
    log.close();
  });

  it('keeps files that are not its own', async () => {
    await write([1]);
    for (const name of ['log.', 'log.xyz', 'log.1.bak', 'snapshot.0', 'epoch']) writeFileSync(file(name), 'x');
    expect(await recovered()).toEqual([1]);
    expect(readdirSync(directory)).toHaveLength(6);
  });

  it('purges whole files only, oldest first, and never the last', async () => {
    await write([1, 2, 3, 4, 5, 6], offsetOf(2));
    const log = open(6, offsetOf(2));
    log.purge(3 as Zxid);
    expect(await filesLeft(2)).toEqual(['log.3', 'log.5']);
    log.purge(6 as Zxid);
    expect(await filesLeft(1)).toEqual(['log.5']);
    log.close();
    expect(statSync(file('log.5')).size).toBe(offsetOf(2));
  });
});
