/*
 * Numbers in bytes, the most significant byte first, where there is no Buffer to do it.
 */

export function readInt32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

export function writeInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** A 64-bit value that fits a double: zxids and times. */
export function readLong(bytes: Uint8Array, at: number): number {
  return readInt32(bytes, at) * 0x1_0000_0000 + (readInt32(bytes, at + 4) >>> 0);
}

export function writeLong(bytes: Uint8Array, at: number, value: number): void {
  writeInt32(bytes, at, Math.floor(value / 0x1_0000_0000));
  writeInt32(bytes, at + 4, value >>> 0);
}
