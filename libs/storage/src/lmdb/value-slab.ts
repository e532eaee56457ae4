import type { ZnodeRecord } from '@corral/znode';
import { packRecord } from './packed-record.js';

/** A buffer that tells LMDB which part of it is meant. */
type RangedBuffer = Buffer & { start: number; end: number };

/** A slab that one flush made larger than this is given back after it. */
const KEPT_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Copies of the values of one flush, side by side. LMDB's writer thread reads them behind the loop's back, while the records
 * themselves go on changing in place. One buffer, so that no value costs an object.
 */
export class ValueSlab {
  #bytes = rangedBuffer(0);
  #usedBytes = 0;

  /** Makes room for all values of a flush; what was in it is gone. LMDB must be done with the flush before. */
  reserve(sizeBytes: number): void {
    this.#usedBytes = 0;
    if (sizeBytes <= this.#bytes.length) return;
    this.#bytes = rangedBuffer(Math.max(sizeBytes, Math.min(2 * this.#bytes.length, KEPT_BYTES_MAX)));
  }

  /** Gives an unusually large buffer back. */
  shrink(): void {
    if (this.#bytes.length > KEPT_BYTES_MAX) this.#bytes = rangedBuffer(0);
  }

  /** Copies a value, in up to two parts; it is what `encode` hands out until the next one. */
  add(first: Uint8Array, second?: Uint8Array): this {
    const bytes = this.#bytes;
    const start = this.#usedBytes;
    let end = start + first.length;
    bytes.set(first, start);
    if (second !== undefined) {
      bytes.set(second, end);
      end += second.length;
    }
    bytes.start = start;
    bytes.end = end;
    this.#usedBytes = end;
    return this;
  }

  /** Packs a record, behind what stands before it under a long key. Of a record in a longer buffer the length is told. */
  addRecord(record: ZnodeRecord, head: Uint8Array | undefined, length = record.length): this {
    const bytes = this.#bytes;
    const start = this.#usedBytes;
    if (head !== undefined) bytes.set(head, start);
    const end = packRecord(record, bytes, start + (head === undefined ? 0 : head.length), length);
    bytes.start = start;
    bytes.end = end;
    this.#usedBytes = end;
    return this;
  }

  get current(): Buffer {
    return this.#bytes;
  }
}

/** Not from Node's pool: LMDB takes `start` as the distance from the beginning of the memory block. */
function rangedBuffer(sizeBytes: number): RangedBuffer {
  return Object.assign(Buffer.allocUnsafeSlow(sizeBytes), { start: 0, end: 0 });
}

/** LMDB's hooks for values: a slab's current value goes in, a copy of the bytes comes out. */
export const slabEncoding = {
  /** Tells LMDB that the buffer carries `start` and `end`. */
  copyBuffers: true,
  encode: (slab: ValueSlab): Buffer => slab.current,
  decode: (found: Buffer): Buffer => copyOfFound(found),
};

/**
 * A copy of what LMDB found, in memory of its own. Not by Buffer's own means: LMDB sets the length of its buffer by hand, and those
 * believe the real one.
 */
function copyOfFound(found: Buffer): Buffer {
  const copy = Buffer.allocUnsafe(found.length);
  copy.set(new Uint8Array(found.buffer, found.byteOffset, copy.length));
  return copy;
}
