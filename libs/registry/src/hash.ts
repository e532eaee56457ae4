/** Hashes of text, for places on a ring and for digests. They tell different texts apart; they keep no secrets. */

const FNV_PRIME = 0x01000193;
const FNV_START = 0x811c9dc5;
const GOLDEN = 0x9e3779b9;

/** A whole number from 0 to 2³²-1, evenly spread. */
export function hash32(text: string): number {
  let hash = FNV_START;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  // FNV alone leaves texts that differ in their last letter close together.
  return scatter(hash);
}

/** The `index`-th of many numbers that come from one hash, each as evenly spread as the hash itself. */
export function derived32(hash: number, index: number): number {
  return scatter((hash + Math.imul(index, GOLDEN)) | 0);
}

/** A number from 0 to 1 (exclusive) that the text decides. */
export function unitOf(text: string): number {
  return hash32(text) / 2 ** 32;
}

/** The finish of Murmur3: every bit that comes in changes half of those that go out. */
function scatter(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
