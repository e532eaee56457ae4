import { FrameLengthError } from './errors.js';

/** Takes the body of a frame: the bytes of `buffer` from `start` to `end`, valid until the call returns. */
export type OnFrame = (buffer: Buffer, start: number, end: number) => void;

const LENGTH_SIZE_BYTES = 4;

/** Room for the first bytes of a frame that spans chunks; it doubles with the bytes that arrive. */
const FIRST_ASSEMBLY_BYTES = 1024;

const NOTHING = Buffer.alloc(0);

/**
 * Cuts a stream of length-prefixed frames out of the chunks in which it arrives. A frame that lies within one chunk is handed on
 * where it is. One that spans chunks is put together in memory that grows with what has arrived, never with what was announced.
 */
export class FrameSplitter {
  readonly #maxFrameBytes: number;
  /** The unfinished frame, with its length in front. */
  #assembly = NOTHING;
  #assembledBytes = 0;
  #stopped = false;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** How many bytes wait for the rest of their frame. */
  get pendingBytes(): number {
    return this.#assembledBytes;
  }

  /** How much memory is held for them. */
  get heldBytes(): number {
    return this.#assembly.length;
  }

  /**
   * Takes the next chunk and hands on every frame that it completes.
   * @throws FrameLengthError when a frame announces a length outside 0..maxFrameBytes; the stream is lost from there on.
   */
  push(chunk: Buffer, onFrame: OnFrame): void {
    let at = this.#assembledBytes > 0 ? this.#continue(chunk, onFrame) : 0;
    const end = chunk.length;
    while (end - at >= LENGTH_SIZE_BYTES && !this.#stopped) {
      const length = this.#lengthAt(chunk, at);
      const start = at + LENGTH_SIZE_BYTES;
      if (length > end - start) break;
      at = start + length;
      onFrame(chunk, start, at);
    }
    if (at < end && !this.#stopped) this.#assemble(chunk, at, end);
  }

  /** Drops what is unfinished, and hands on nothing more, from within `onFrame` as well: the connection is closing. */
  stop(): void {
    this.#stopped = true;
    this.#release();
  }

  /** Goes on with the unfinished frame; answers with where in the chunk the next frame begins. */
  #continue(chunk: Buffer, onFrame: OnFrame): number {
    let at = 0;
    if (this.#assembledBytes < LENGTH_SIZE_BYTES) {
      at = Math.min(LENGTH_SIZE_BYTES - this.#assembledBytes, chunk.length);
      this.#assemble(chunk, 0, at);
      if (this.#assembledBytes < LENGTH_SIZE_BYTES) return at;
    }
    const frameEnd = LENGTH_SIZE_BYTES + this.#lengthAt(this.#assembly, 0);
    const next = Math.min(at + frameEnd - this.#assembledBytes, chunk.length);
    this.#assemble(chunk, at, next);
    if (this.#assembledBytes === frameEnd) {
      const frame = this.#assembly;
      this.#release();
      onFrame(frame, LENGTH_SIZE_BYTES, frameEnd);
    }
    return next;
  }

  #lengthAt(bytes: Buffer, at: number): number {
    const length = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    if (length < 0 || length > this.#maxFrameBytes) {
      this.stop();
      throw new FrameLengthError(length, this.#maxFrameBytes);
    }
    return length;
  }

  #assemble(chunk: Buffer, start: number, end: number): void {
    const needed = this.#assembledBytes + end - start;
    if (needed > this.#assembly.length) {
      const size = Math.min(
        Math.max(needed, this.#assembly.length * 2, FIRST_ASSEMBLY_BYTES),
        Math.max(needed, this.#maxFrameBytes + LENGTH_SIZE_BYTES),
      );
      const larger = Buffer.allocUnsafeSlow(size);
      larger.set(this.#assembly.subarray(0, this.#assembledBytes), 0);
      this.#assembly = larger;
    }
    this.#assembly.set(chunk.subarray(start, end), this.#assembledBytes);
    this.#assembledBytes = needed;
  }

  #release(): void {
    this.#assembly = NOTHING;
    this.#assembledBytes = 0;
  }
}
