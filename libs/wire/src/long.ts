/** 64-bit numbers and their two halves, without the BigInts that arithmetic on them would leave behind. */

/** What the upper half of a long is worth. */
export const UPPER_UNIT = 0x1_0000_0000;

/** Upper halves from -2^21 to 2^21 - 1 make longs that a double holds exactly (but for -2^53 itself). */
export const UPPER_SAFE_MIN = -0x20_0000;
export const UPPER_SAFE_MAX = 0x1f_ffff;

const whole = new BigInt64Array(1);
const halves = new Int32Array(whole.buffer);
whole[0] = 1n;
const LOWER = halves[0] === 1 ? 0 : 1;
const UPPER = 1 - LOWER;

/** The signed upper 32 bits of a long. */
export function upperOf(value: bigint): number {
  whole[0] = value;
  return halves[UPPER]!;
}

/** The lower 32 bits of a long, as a signed number. */
export function lowerOf(value: bigint): number {
  whole[0] = value;
  return halves[LOWER]!;
}

/** The long of two halves. */
export function longOf(upper: number, lower: number): bigint {
  halves[UPPER] = upper;
  halves[LOWER] = lower;
  return whole[0]!;
}
