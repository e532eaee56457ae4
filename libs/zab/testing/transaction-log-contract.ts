/** What every transaction log must do, as a suite that each implementation runs. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Zxid, zxidOf } from '@corral/primitives';
import type { TransactionLog } from '@corral/zab';

/** How the suite handles a log without knowing what it is. */
export interface TransactionLogHandle {
  readonly log: TransactionLog;
  /** Ends the sync under way, where somebody else decides when that happens. */
  completeSync?(): void;
  /** Ends the log as a crash would, losing what was not synced, and opens what a new process would find. */
  crash(): Promise<TransactionLogHandle>;
  /** Frees what the log holds. */
  dispose(): Promise<void>;
}

/** A payload as the log knows it: a transaction header, which carries the zxid, and something after it. */
export function entryBytes(zxid: Zxid, bodyBytes = 20): Uint8Array {
  const bytes = new Uint8Array(32 + bodyBytes).fill((zxid % 200) + 1);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, 0x1_0000_0000_0001n);
  view.setInt32(8, 1);
  view.setBigInt64(12, BigInt(zxid));
  view.setBigInt64(20, 1_700_000_000_000n);
  view.setInt32(28, 5);
  return bytes;
}

/** Describes the contract; `open` makes an empty log. */
export function describeTransactionLog(name: string, open: () => Promise<TransactionLogHandle>): void {
  describe(`${name} keeps the contract of a transaction log`, () => {
    let handle: TransactionLogHandle;
    let log: TransactionLog;

    beforeEach(async () => {
      handle = await open();
      ({ log } = handle);
    });

    afterEach(async () => {
      await handle.dispose();
    });

    const crash = async (): Promise<void> => {
      handle = await handle.crash();
      ({ log } = handle);
    };

    const append = (...zxids: number[]): void => {
      for (const zxid of zxids) log.append(zxid as Zxid, entryBytes(zxid as Zxid, zxid % 50));
    };

    const sync = async (): Promise<void> => {
      const error = await new Promise<Error | undefined>((resolve) => {
        log.sync(resolve);
        handle.completeSync?.();
      });
      expect(error).toBeUndefined();
    };

    const zxidsAfter = (zxid: number): number[] => [...log.read(zxid as Zxid)].map((entry) => entry.zxid);

    it('begins empty', () => {
      expect(log.lastZxid).toBe(0);
      expect(zxidsAfter(0)).toEqual([]);
    });

    it('gives back what was appended, byte for byte and in order', async () => {
      append(1, 2, 3);
      await sync();
      const found: [number, Uint8Array][] = [];
      for (const { zxid, bytes } of log.read(0 as Zxid)) found.push([zxid, Uint8Array.from(bytes)]);
      expect(found).toEqual([1, 2, 3].map((zxid) => [zxid, entryBytes(zxid as Zxid, zxid % 50)]));
      expect(log.lastZxid).toBe(3);
    });

    it('takes a copy: the caller may use its buffer again', async () => {
      const bytes = entryBytes(1 as Zxid);
      log.append(1 as Zxid, bytes);
      bytes.fill(0);
      await sync();
      const [entry] = [...log.read(0 as Zxid)];
      expect(Uint8Array.from(entry!.bytes)).toEqual(entryBytes(1 as Zxid));
    });

    it('reads only what is newer than asked for', async () => {
      append(1, 2, 5, 9);
      await sync();
      expect(zxidsAfter(2)).toEqual([5, 9]);
      expect(zxidsAfter(3)).toEqual([5, 9]);
      expect(zxidsAfter(9)).toEqual([]);
    });

    it('reads what is appended and not yet synced as well', async () => {
      append(1);
      await sync();
      append(2);
      expect(zxidsAfter(0)).toEqual([1, 2]);
      expect(log.lastZxid).toBe(2);
    });

    it('keeps what was synced over a crash, and nothing that was not appended', async () => {
      append(1, 2);
      await sync();
      append(3);
      await crash();
      expect(zxidsAfter(0).slice(0, 2)).toEqual([1, 2]);
      expect(log.lastZxid).toBeGreaterThanOrEqual(2);
      expect(log.lastZxid).toBeLessThanOrEqual(3);
      append(4);
      await sync();
      await crash();
      expect(zxidsAfter(2).filter((zxid) => zxid !== 3)).toEqual([4]);
    });

    it('takes more while a sync is under way', async () => {
      append(1);
      const first = new Promise<Error | undefined>((resolve) => {
        log.sync(resolve);
      });
      append(2, 3);
      handle.completeSync?.();
      expect(await first).toBeUndefined();
      await sync();
      await crash();
      expect(zxidsAfter(0)).toEqual([1, 2, 3]);
    });

    it('syncs nothing without complaint', async () => {
      await sync();
      append(1);
      await sync();
      await sync();
      expect(zxidsAfter(0)).toEqual([1]);
    });

    it('refuses a zxid that does not go up', async () => {
      append(5);
      expect(() => {
        append(5);
      }).toThrow('only go up');
      expect(() => {
        append(4);
      }).toThrow('only go up');
      await sync();
      expect(zxidsAfter(0)).toEqual([5]);
    });

    it('goes over to a new epoch', async () => {
      const old = zxidOf(1, 7);
      const young = zxidOf(2, 1);
      append(old, young);
      await sync();
      await crash();
      expect(zxidsAfter(old)).toEqual([young]);
      expect(log.lastZxid).toBe(young);
    });

    it.each([
      [0, []],
      [1, [1]],
      [3, [1, 2, 3]],
      [4, [1, 2, 3]],
      [6, [1, 2, 3, 6]],
      [7, [1, 2, 3, 6]],
    ])('truncates after %i for good', async (to, left) => {
      append(1, 2, 3);
      await sync();
      append(6);
      await sync();
      log.truncate(to as Zxid);
      expect(zxidsAfter(0)).toEqual(left);
      expect(log.lastZxid).toBe(left.at(-1) ?? 0);
      await crash();
      expect(zxidsAfter(0)).toEqual(left);
      append(8);
      await sync();
      await crash();
      expect(zxidsAfter(0)).toEqual([...left, 8]);
    });

    it('truncates what was never synced as well', async () => {
      append(1, 2);
      log.truncate(1 as Zxid);
      expect(zxidsAfter(0)).toEqual([1]);
      append(2);
      await sync();
      await crash();
      expect(zxidsAfter(0)).toEqual([1, 2]);
    });

    it('keeps everything newer than what was purged', async () => {
      for (let zxid = 1; zxid <= 200; zxid++) {
        append(zxid);
        if (zxid % 10 === 0) await sync();
      }
      log.purge(150 as Zxid);
      expect(zxidsAfter(150)).toEqual(Array.from({ length: 50 }, (_, index) => 151 + index));
      expect(log.lastZxid).toBe(200);
      log.purge(200 as Zxid);
      expect(log.lastZxid).toBe(200);
      append(201);
      await sync();
      await crash();
      expect(zxidsAfter(200)).toEqual([201]);
    });
  });
}
