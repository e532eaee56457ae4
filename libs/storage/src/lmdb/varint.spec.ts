import { describe, expect, it } from '@jest/globals';
import { VarintReader, writeSignedVarint, writeVarint } from './varint.js';

const LARGEST = Number.MAX_SAFE_INTEGER;
const target = new Uint8Array(16);
const reader = new VarintReader();

describe('a varint', () => {
  it.each([
    [0, 1],
    [127, 1],
    [128, 2],
    [16_383, 2],
    [16_384, 3],
    [0x7fff_ffff, 5],
    [0x8000_0000, 5],
    [0x6_0000_0005, 5],
    [1_764_086_400_123, 6],
    [LARGEST, 8],
  ])('keeps %d in %d bytes', (value, sizeBytes) => {
    expect(writeVarint(target, 2, value)).toBe(2 + sizeBytes);
    expect(reader.reset(target, 2).unsigned()).toBe(value);
    expect(reader.at).toBe(2 + sizeBytes);
  });

  it.each([
    [0, 1],
    [-1, 1],
    [63, 1],
    [-64, 1],
    [64, 2],
    [-0x8000_0000, 5],
    [0x7fff_ffff, 5],
    [2 ** 52 - 1, 8],
    [-(2 ** 52), 8],
  ])('with a sign keeps %d in %d bytes', (value, sizeBytes) => {
    expect(writeSignedVarint(target, 0, value)).toBe(sizeBytes);
    expect(reader.reset(target, 0).signed()).toBe(value);
  });

  it('that does not end is none, and is not looked for for ever', () => {
    expect(reader.reset(new Uint8Array(3).fill(0xff), 0).unsigned()).toBeNaN();
  });
});
