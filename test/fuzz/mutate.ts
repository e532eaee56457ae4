/** Damages bytes the way that finds mistakes: numbers at their limits, lengths that lie, ends that come too early. */
import type { Prng } from '../prng.js';

const INTERESTING_BYTES = [0x00, 0x01, 0x2f, 0x7f, 0x80, 0xc0, 0xed, 0xfe, 0xff];
const INTERESTING_INTS = [
  0, 1, -1, -2, -4, -8, -11, 2, 3, 4, 14, 22, 100, 0x7fff_ffff, -0x8000_0000, 0x000f_ffff, 0x0010_0000, 0xffff,
  0x0100_0000,
];

type Mutation = (bytes: Buffer, prng: Prng, corpus: readonly Buffer[]) => Buffer;

const at = (bytes: Buffer, prng: Prng): number => prng.below(bytes.length);

const MUTATIONS: readonly Mutation[] = [
  (bytes, prng) => {
    const offset = at(bytes, prng);
    bytes.writeUInt8(bytes.readUInt8(offset) ^ (1 << prng.below(8)), offset);
    return bytes;
  },
  (bytes, prng) => {
    bytes.writeUInt8(prng.pick(INTERESTING_BYTES), at(bytes, prng));
    return bytes;
  },
  (bytes, prng) => {
    if (bytes.length >= 4) bytes.writeInt32BE(prng.pick(INTERESTING_INTS), prng.below(bytes.length - 3));
    return bytes;
  },
  (bytes, prng) => {
    // A number that is nearly right is the most likely to slip through.
    if (bytes.length < 4) return bytes;
    const offset = prng.below(bytes.length - 3);
    bytes.writeInt32BE((bytes.readInt32BE(offset) + prng.below(9) - 4) | 0, offset);
    return bytes;
  },
  (bytes, prng) => bytes.subarray(0, at(bytes, prng)),
  (bytes, prng) => Buffer.concat([bytes, prng.bytes(1 + prng.below(16))]),
  (bytes, prng) => {
    const offset = at(bytes, prng);
    return Buffer.concat([bytes.subarray(0, offset), prng.bytes(1 + prng.below(4)), bytes.subarray(offset)]);
  },
  (bytes, prng) => {
    const offset = at(bytes, prng);
    return Buffer.concat([bytes.subarray(0, offset), bytes.subarray(offset + 1 + prng.below(8))]);
  },
  (bytes, prng, corpus) => {
    const other = prng.pick(corpus);
    return Buffer.concat([bytes.subarray(0, at(bytes, prng)), other.subarray(prng.below(other.length + 1))]);
  },
];

/** A damaged copy of the bytes; what follows the first `intact` ones is damaged, up to four times over. */
export function mutate(original: Buffer, corpus: readonly Buffer[], prng: Prng, intact = 0): Buffer {
  let bytes = Buffer.from(original.subarray(intact));
  for (let rounds = 1 + prng.below(4); rounds > 0 && bytes.length > 0; rounds -= 1) {
    bytes = Buffer.from(prng.pick(MUTATIONS)(bytes, prng, corpus));
  }
  return Buffer.concat([original.subarray(0, intact), bytes]);
}
