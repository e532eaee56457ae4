import { describe, expect, it } from '@jest/globals';
import { readInt32, readLong, writeInt32, writeLong } from './big-endian.js';

describe('numbers in bytes', () => {
  it.each([0, 1, -1, 0x7fff_ffff, -0x8000_0000, 0x0102_0304])('a 32-bit %i stands as Buffer writes it', (value) => {
    const bytes = new Uint8Array(8);
    writeInt32(bytes, 2, value);
    expect(Buffer.from(bytes).readInt32BE(2)).toBe(value);
    expect(readInt32(bytes, 2)).toBe(value);
  });

  it.each([0, 1, -1, 0xffff_ffff, 0x1_0000_0000, Number.MAX_SAFE_INTEGER, -0x1_0000_0001])(
    'a 64-bit %i stands as Buffer writes it',
    (value) => {
      const bytes = new Uint8Array(10);
      writeLong(bytes, 1, value);
      expect(Buffer.from(bytes).readBigInt64BE(1)).toBe(BigInt(value));
      expect(readLong(bytes, 1)).toBe(value);
    },
  );
});
