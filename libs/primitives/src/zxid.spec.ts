import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { COUNTER_MAX, counterOf, EPOCH_MAX, epochOf, formatZxid, nextZxid, ZXID_ZERO, zxidOf } from './zxid.js';

const epochs = fc.integer({ min: 0, max: EPOCH_MAX });
const counters = fc.integer({ min: 0, max: COUNTER_MAX });

describe('a zxid', () => {
  it('is its epoch and its counter', () => {
    fc.assert(
      fc.property(epochs, counters, (epoch, counter) => {
        const zxid = zxidOf(epoch, counter);
        expect(Number.isSafeInteger(zxid)).toBe(true);
        expect(epochOf(zxid)).toBe(epoch);
        expect(counterOf(zxid)).toBe(counter);
      }),
    );
  });

  it('orders by epoch, then by counter', () => {
    fc.assert(
      fc.property(epochs, counters, epochs, counters, (epochA, counterA, epochB, counterB) => {
        const isLess = epochA < epochB || (epochA === epochB && counterA < counterB);
        expect(zxidOf(epochA, counterA) < zxidOf(epochB, counterB)).toBe(isLess);
      }),
    );
  });

  it('is followed by the next counter of the same epoch', () => {
    expect(nextZxid(ZXID_ZERO)).toBe(1);
    expect(nextZxid(zxidOf(7, COUNTER_MAX - 1))).toBe(zxidOf(7, COUNTER_MAX));
  });

  it('is not followed by anything at the end of its epoch', () => {
    expect(() => nextZxid(zxidOf(7, COUNTER_MAX))).toThrow('epoch 7 has no zxid left');
  });

  it.each([
    [EPOCH_MAX + 1, 0],
    [-1, 0],
    [0.5, 0],
    [0, COUNTER_MAX + 1],
    [0, -1],
    [0, Number.NaN],
  ])('cannot be made of epoch %d and counter %d', (epoch, counter) => {
    expect(() => zxidOf(epoch, counter)).toThrow(RangeError);
  });

  it('is shown as ZooKeeper shows it', () => {
    expect(formatZxid(zxidOf(1, 3))).toBe('0x100000003');
    expect(formatZxid(ZXID_ZERO)).toBe('0x0');
  });
});
