import { describe, expect, it } from '@jest/globals';
import { fingerprintAt, historyOf, zxid } from '../replica.fake.js';
import { planSync } from './plan-sync.js';

const log = [zxid(1, 1), zxid(1, 2), zxid(1, 3), zxid(3, 1), zxid(3, 2)];
const through = zxid(3, 2);
const plan = (last: number, { corral = false, start = zxid(0, 0), end = through } = {}): unknown =>
  planSync(
    { lastZxid: last as typeof through, truncatesAnywhere: corral },
    end,
    historyOf(
      log.filter((at) => at > start),
      start,
      start,
    ),
  );

describe('how a learner is brought to a history of 1.1 1.2 1.3 3.1 3.2', () => {
  it.each([
    ['an empty one gets everything', zxid(0, 0)],
    ['one that is behind gets the rest', zxid(1, 2)],
    ['one that ends with an epoch gets the next', zxid(1, 3)],
    ['one that has all gets nothing more', zxid(3, 2)],
    ['one that stands at the beginning of an epoch gets what came then', zxid(3, 0)],
    ['even of an epoch that has nothing here', zxid(2, 0)],
  ])('%s', (_title, last) => {
    const fingerprint = log.includes(last) ? fingerprintAt(last) : undefined;
    expect(plan(last)).toEqual({ kind: 'replay', after: last, through, fingerprint });
  });

  it.each([
    ['to what they share of its epoch', zxid(1, 9), zxid(1, 3)],
    ['to the end, when it has more', zxid(3, 7), zxid(3, 2)],
  ])('one with a tail of its own is truncated %s', (_title, last, to) => {
    expect(plan(last)).toEqual({ kind: 'truncate', to, thenReplayThrough: through, fingerprint: fingerprintAt(to) });
  });

  it('one that has what is proposed and not committed is truncated to what is committed', () => {
    expect(plan(zxid(3, 2), { end: zxid(3, 1) })).toEqual({
      kind: 'truncate',
      to: zxid(3, 1),
      thenReplayThrough: zxid(3, 1),
      fingerprint: fingerprintAt(zxid(3, 1)),
    });
  });

  it('one with transactions of an unknown epoch gets the tree, when it cannot cut anywhere', () => {
    expect(plan(zxid(2, 4))).toEqual({ kind: 'snapshot', thenReplayThrough: through });
  });

  it('and is truncated when it can: a tree could be older than what it has acknowledged', () => {
    expect(plan(zxid(2, 4), { corral: true })).toEqual({
      kind: 'truncate',
      to: zxid(1, 3),
      thenReplayThrough: through,
      fingerprint: fingerprintAt(zxid(1, 3)),
    });
  });

  it('one that is behind the beginning of the log gets the tree', () => {
    expect(plan(zxid(1, 1), { start: zxid(1, 2), corral: true })).toEqual({
      kind: 'snapshot',
      thenReplayThrough: through,
    });
  });

  it('one that stands where the log begins gets the log', () => {
    expect(plan(zxid(1, 2), { start: zxid(1, 2) })).toEqual({ kind: 'replay', after: zxid(1, 2), through });
  });
});
