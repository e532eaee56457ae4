import { describe, expect, it } from '@jest/globals';
import { MemoryTransactionLog } from '@corral/storage-memory';
import { type Zxid, zxidOf } from '@corral/primitives';
import { MemberHistory } from './member-history.js';

const historyOf = (logged: readonly Zxid[], applied: Zxid): MemberHistory => {
  const log = new MemoryTransactionLog();
  for (const zxid of logged) log.append(zxid, Buffer.alloc(32));
  return new MemberHistory(
    () => log,
    () => applied,
  );
};

describe('the history of a member', () => {
  it.each([
    ['right before the first entry', [zxidOf(2, 7), zxidOf(2, 8)], zxidOf(2, 6)],
    ['at the beginning of an epoch', [zxidOf(2, 1), zxidOf(2, 2)], zxidOf(2, 0)],
    ['where the tree ends, when the log is empty', [], zxidOf(2, 9)],
  ])('begins %s', (_, logged, start) => {
    const history = historyOf(logged, zxidOf(2, 9));
    expect(history.startZxid).toBe(start);
    expect(history.newestUpTo(start)).toBe(start);
    expect(history.newestUpTo((start - 1) as Zxid)).toBeUndefined();
  });

  it('begins where the tree ends when the log holds nothing but a tail of later epochs', () => {
    const history = historyOf([zxidOf(4, 1), zxidOf(4, 2)], zxidOf(1, 12));
    expect(history.newestUpTo(zxidOf(1, 12))).toBe(zxidOf(1, 12));
    expect(history.newestUpTo(zxidOf(1, 11))).toBeUndefined();
  });

  it('knows the newest transaction up to one that it does not have', () => {
    const history = historyOf([zxidOf(1, 4), zxidOf(1, 5), zxidOf(3, 1)], zxidOf(3, 1));
    expect(history.newestUpTo(zxidOf(2, 2))).toBe(zxidOf(1, 5));
    expect(history.newestUpTo(zxidOf(3, 9))).toBe(zxidOf(3, 1));
  });
});
