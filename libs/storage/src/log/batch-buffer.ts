import type { Zxid } from '@corral/primitives';
import { adler32 } from './adler32.js';
import { ENTRY_END, ENTRY_FRAME_BYTES, ENTRY_HEADER_BYTES, writeLong } from './entry-format.js';

const START_BYTES = 64 * 1024;
/** A buffer that one large batch made bigger than this is given back afterwards. */
const KEPT_BYTES_MAX = 4 * 1024 * 1024;

/** Entries on their way into the log, framed as they will be in the file; used again and again. */
export class BatchBuffer {
  bytes = Buffer.allocUnsafeSlow(START_BYTES);
  lengthBytes = 0;
  firstZxid = 0 as Zxid;
  lastZxid = 0 as Zxid;

  get isEmpty(): boolean {
    return this.lengthBytes === 0;
  }

  /** Frames and copies one entry. */
  append(zxid: Zxid, payload: Uint8Array): void {
    const start = this.lengthBytes;
    const end = start + ENTRY_FRAME_BYTES + payload.length;
    if (end > this.bytes.length) this.#grow(end);
    const bytes = this.bytes;
    const payloadAt = start + ENTRY_HEADER_BYTES;
    bytes.set(payload, payloadAt);
    writeLong(bytes, adler32(bytes, payloadAt, end - 1), start);
    bytes.writeInt32BE(payload.length, start + 8);
    bytes[end - 1] = ENTRY_END;
    if (start === 0) this.firstZxid = zxid;
    this.lastZxid = zxid;
    this.lengthBytes = end;
  }

  clear(): void {
    this.lengthBytes = 0;
    if (this.bytes.length > KEPT_BYTES_MAX) this.bytes = Buffer.allocUnsafeSlow(START_BYTES);
  }

  #grow(needBytes: number): void {
    let size = this.bytes.length * 2;
    while (size < needBytes) size *= 2;
    const bytes = Buffer.allocUnsafeSlow(size);
    this.bytes.copy(bytes, 0, 0, this.lengthBytes);
    this.bytes = bytes;
  }
}
