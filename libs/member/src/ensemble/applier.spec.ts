import { beforeEach, describe, expect, it } from '@jest/globals';
import { OpCode, type Transaction } from '@corral/model';
import { NO_SESSION, type Zxid, zxidOf } from '@corral/primitives';
import { MemoryTransactionLog } from '@corral/storage-memory';
import { RecordWriter, writeTransaction } from '@corral/wire';
import { ownRequest, type Pending } from '../commit-queue.js';
import { Applier } from './applier.js';

function transactionOf(zxid: Zxid): Transaction {
  return {
    header: { sessionId: NO_SESSION, cxid: 0, zxid, timeMs: 0 },
    change: { type: OpCode.delete, path: `/${String(zxid)}` },
  };
}

function bytesOf(zxid: Zxid): Uint8Array {
  const writer = new RecordWriter();
  const { change, header } = transactionOf(zxid);
  writeTransaction(writer, header, change);
  return Uint8Array.from(writer.buffer.subarray(0, writer.length));
}

describe('what is committed', () => {
  let log: MemoryTransactionLog;
  let applied: Zxid[];
  let answered: Pending[];
  let isBehind: boolean;
  let nowMs: number;
  /** How much later every look at the clock finds it. */
  let stepMs: number;
  let deferred: (() => void)[];
  let applier: Applier;

  beforeEach(() => {
    log = new MemoryTransactionLog();
    applied = [];
    answered = [];
    isBehind = false;
    nowMs = 0;
    stepMs = 0;
    deferred = [];
    applier = new Applier({
      appliedZxid: () => applied.at(-1) ?? (0 as Zxid),
      apply: ({ header }) => {
        applied.push(header.zxid);
        return undefined;
      },
      readLog: (after) => log.read(after),
      treeIsBehind: () => isBehind,
      monotonicMs: () => (nowMs += stepMs),
      defer: (run) => deferred.push(run),
      applied: (_transaction, _result, pending) => {
        if (pending !== undefined) answered.push(pending);
      },
      answer: (pending) => answered.push(pending),
      turnEnd: () => undefined,
    });
  });

  const endTurn = (): void => {
    for (const run of deferred.splice(0)) run();
  };
  const logged = (zxid: Zxid, isHeld = true): void => {
    log.append(zxid, bytesOf(zxid));
    if (isHeld) applier.logged(zxid, bytesOf(zxid));
  };
  const at = (counter: number, epoch = 1): Zxid => zxidOf(epoch, counter);

  it('is applied in order, and nothing that is only logged', () => {
    for (const counter of [1, 2, 3]) logged(at(counter));
    applier.commit(at(2));
    expect(applied).toEqual([at(1), at(2)]);
    applier.commit(at(3));
    expect(applied).toEqual([at(1), at(2), at(3)]);
  });

  it('is read from the log when it is not at hand, also in the middle and over the border of epochs', () => {
    logged(at(1), false);
    logged(at(2));
    logged(at(3), false);
    logged(at(1, 3), false);
    logged(at(2, 3));
    applier.commit(at(2, 3));
    expect(applied).toEqual([at(1), at(2), at(3), at(1, 3), at(2, 3)]);
  });

  it('waits while the tree is not written as fast', () => {
    logged(at(1));
    isBehind = true;
    applier.commit(at(1));
    expect(applied).toEqual([]);
    expect(applier.isCaughtUp).toBe(false);
    isBehind = false;
    applier.resume();
    expect(applier.isCaughtUp).toBe(true);
  });

  it('is applied in slices, so that the loop gets its turn', () => {
    for (let counter = 1; counter <= 1_000; counter += 1) logged(at(counter));
    stepMs = 5;
    applier.commit(at(1_000));
    expect(applied.length).toBeLessThan(1_000);
    while (deferred.length > 0) endTurn();
    expect(applied).toHaveLength(1_000);
  });

  it('answers what waits for it, in its place', () => {
    const pending = ownRequest(OpCode.delete, 0);
    const sync = ownRequest(OpCode.sync, 0);
    const later = ownRequest(OpCode.setData, 0);
    applier.proposed(transactionOf(at(1)), pending, 10);
    applier.await(at(1), sync);
    applier.proposed(transactionOf(at(2)), later, 10);
    endTurn();
    expect(answered).toEqual([]);
    applier.commit(at(1));
    expect(answered).toEqual([pending, sync]);
    applier.commit(at(2));
    expect(answered).toEqual([pending, sync, later]);
    expect([applier.size, applier.sizeBytes]).toEqual([0, 0]);
  });

  it('answers at the end of the turn what waits for nothing', () => {
    const sync = ownRequest(OpCode.sync, 0);
    applier.await(0 as Zxid, sync);
    expect(answered).toEqual([]);
    endTurn();
    expect(answered).toEqual([sync]);
  });
});
