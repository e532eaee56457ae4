import { describe, expect, it } from '@jest/globals';
import {
  firstSessionId,
  formatSessionId,
  nextSessionId,
  type ServerId,
  type SessionId,
  sessionIdOf,
} from './session-id.js';

const LOWEST_LONG = -(2n ** 63n);

function first(serverId: number, wallClockMs: number): SessionId {
  return firstSessionId(serverId as ServerId, wallClockMs);
}

describe('a session id', () => {
  it('has the member in its top byte, then 40 bits of time, then a counter of 16 bits from 0', () => {
    const id = BigInt.asUintN(64, first(3, 1_700_000_000_123));
    expect(id >> 56n).toBe(3n);
    expect((id >> 16n) & 0xff_ffff_ffffn).toBe(1_700_000_000_123n & 0xff_ffff_ffffn);
    expect(id & 0xffffn).toBe(0n);
  });

  it('is a signed long, as on the wire', () => {
    expect(first(200, 1)).toBeLessThan(0n);
    expect(sessionIdOf(2n ** 63n)).toBe(LOWEST_LONG);
  });

  it('is never the mark of container znodes', () => {
    expect(first(128, 0)).toBe(LOWEST_LONG + 1n);
  });

  it('is followed by the next number', () => {
    expect(nextSessionId(first(1, 5))).toBe(first(1, 5) + 1n);
    expect(nextSessionId(sessionIdOf(2n ** 63n - 1n))).toBe(LOWEST_LONG);
  });

  it('is shown unsigned, as ZooKeeper shows it', () => {
    expect(formatSessionId(sessionIdOf(0x1000_0abc_d000_0n))).toBe('0x10000abcd0000');
    expect(formatSessionId(sessionIdOf(-1n))).toBe('0xffffffffffffffff');
  });
});
