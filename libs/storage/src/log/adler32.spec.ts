import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { adler32 } from './adler32.js';

/** zlib ends its format with the Adler-32 of what went in. */
function zlibsAdler32(bytes: Uint8Array): number {
  return deflateSync(bytes, { level: 0 }).readUInt32BE(deflateSync(bytes, { level: 0 }).length - 4);
}

describe('adler32', () => {
  it.each([0, 1, 7, 8, 9, 255, 3839, 3840, 3841, 5552, 100_003])('agrees with zlib over %i bytes', (length) => {
    const high = Buffer.alloc(length, 0xff);
    const mixed = Buffer.from(Array.from({ length }, (_, index) => (index * 131) & 0xff));
    expect(adler32(high, 0, length)).toBe(zlibsAdler32(high));
    expect(adler32(mixed, 0, length)).toBe(zlibsAdler32(mixed));
  });

  it('goes on from a checksum, so that a stream can be summed in pieces', () => {
    const bytes = Buffer.alloc(50_000, 0xfe);
    expect(adler32(bytes, 20_000, 50_000, adler32(bytes, 0, 20_000))).toBe(zlibsAdler32(bytes));
  });
});
