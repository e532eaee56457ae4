import { describe, expect, it } from '@jest/globals';
import type { Zxid } from '@corral/primitives';
import { describeTransactionLog, entryBytes, type TransactionLogHandle } from '@corral/zab/testing';
import { InjectedFaultError, MemoryTransactionLog } from './memory-transaction-log.js';

function handleOf(log: MemoryTransactionLog): TransactionLogHandle {
  return {
    log,
    completeSync: () => {
      log.completeSync();
    },
    crash: () => {
      log.crash();
      return Promise.resolve(handleOf(log));
    },
    dispose: () => Promise.resolve(),
  };
}

describeTransactionLog('the log in memory', () => Promise.resolve(handleOf(new MemoryTransactionLog())));

describe('the log in memory, with faults', () => {
  const append = (log: MemoryTransactionLog, ...zxids: number[]): void => {
    for (const zxid of zxids) log.append(zxid as Zxid, entryBytes(zxid as Zxid));
  };
  const zxids = (log: MemoryTransactionLog): number[] => [...log.read(0 as Zxid)].map(({ zxid }) => zxid);

  it('loses in a crash what no sync has covered', () => {
    const log = new MemoryTransactionLog({ syncsAtOnce: true });
    append(log, 1);
    log.sync(() => undefined);
    append(log, 2, 3);
    log.crash();
    expect(zxids(log)).toEqual([1]);
  });

  it('keeps as many unsynced entries as the disk had taken, without a gap', () => {
    const log = new MemoryTransactionLog();
    append(log, 1, 2, 3);
    log.sync(() => undefined);
    log.crash(2);
    expect(zxids(log)).toEqual([1, 2]);
    expect(log.durableZxid).toBe(2);
  });

  it('covers with a sync only what was appended before it began', () => {
    const log = new MemoryTransactionLog();
    append(log, 1);
    log.sync(() => undefined);
    append(log, 2);
    log.completeSync();
    expect(log.durableZxid).toBe(1);
  });

  it('takes nothing more after a failed sync, until a crash', () => {
    const log = new MemoryTransactionLog();
    append(log, 1);
    log.failNextSync();
    const results: (Error | undefined)[] = [];
    log.sync((error) => results.push(error));
    log.completeSync();
    expect(results[0]).toBeInstanceOf(InjectedFaultError);
    expect(() => {
      append(log, 2);
    }).toThrow(InjectedFaultError);
    log.crash();
    append(log, 1);
    expect(zxids(log)).toEqual([1]);
  });
});
