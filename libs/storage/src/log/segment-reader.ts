import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Zxid } from '@corral/primitives';
import { adler32 } from './adler32.js';
import {
  encodeFileHeader,
  ENTRY_END,
  ENTRY_FRAME_BYTES,
  ENTRY_HEADER_BYTES,
  FILE_HEADER_BYTES,
  PAYLOAD_BYTES_MAX,
  PAYLOAD_BYTES_MIN,
  zxidOfPayload,
} from './entry-format.js';

const CHUNK_BYTES = 256 * 1024;
const GOOD_HEADER = encodeFileHeader();
const ZEROS = Buffer.alloc(64 * 1024);

/** What comes next in a segment: an entry, the clean end (end of file or zero padding), or bytes that are neither. */
export type SegmentStep = 'entry' | 'end' | 'bad';

/** Reads a segment from front to back in bounded memory, trusting nothing in it. */
export class SegmentReader {
  /** Where the thing that `next` spoke of begins. */
  offset = FILE_HEADER_BYTES;
  /** Of the entry. */
  zxid = 0 as Zxid;
  /** Why the bytes are bad, as part of a sentence. */
  problem = '';

  readonly #fd: number;
  readonly #sizeBytes: number;
  #buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  /** File position of the buffer's first byte, and how many of its bytes are loaded. */
  #bufferAt = 0;
  #loadedBytes = 0;
  #payloadAt = 0;
  #payloadBytes = 0;
  #nextOffset = FILE_HEADER_BYTES;

  constructor(path: string) {
    this.#fd = openSync(path, 'r');
    this.#sizeBytes = fstatSync(this.#fd).size;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** A copy-free view of the entry's payload, valid until `next`. */
  get payload(): Buffer {
    return this.#buffer.subarray(this.#payloadAt, this.#payloadAt + this.#payloadBytes);
  }

  /** Where the entry ends. */
  get endOffset(): number {
    return this.#nextOffset;
  }

  /** What the file header is: right, not fully there (a crash while the file was made), or something else. */
  checkHeader(): 'good' | 'torn' | 'bad' {
    const bytes = Math.min(this.#sizeBytes, FILE_HEADER_BYTES);
    this.#load(0, bytes);
    const matches = GOOD_HEADER.compare(this.#buffer, 0, bytes, 0, bytes) === 0;
    if (matches) return bytes === FILE_HEADER_BYTES ? 'good' : 'torn';
    this.problem = `a file header that is not a ZooKeeper log's`;
    return this.restIsZero(0) ? 'torn' : 'bad';
  }

  /** Goes on reading at this offset. */
  seek(offset: number): void {
    this.#nextOffset = offset;
  }

  /** Steps to the next entry. After anything but an entry, the reader stays where it is. */
  next(): SegmentStep {
    const at = this.#nextOffset;
    this.offset = at;
    const left = this.#sizeBytes - at;
    if (left <= 0) return 'end';
    if (left < ENTRY_HEADER_BYTES)
      return this.restIsZero(at) ? 'end' : this.#bad('an entry that ends before its length');
    const head = this.#load(at, ENTRY_HEADER_BYTES);
    const buffer = this.#buffer;
    const checksumHigh = buffer.readInt32BE(head);
    const checksum = buffer.readUInt32BE(head + 4);
    const length = buffer.readInt32BE(head + 8);
    if (checksumHigh === 0 && checksum === 0 && length === 0) return 'end';
    if (checksumHigh !== 0) return this.#bad('a checksum that is none');
    if (length < PAYLOAD_BYTES_MIN || length > PAYLOAD_BYTES_MAX) {
      return this.#bad(`an entry with the length ${String(length)}`);
    }
    if (left < ENTRY_FRAME_BYTES + length) {
      return this.#bad(`an entry of ${String(length)} bytes that reaches beyond the end of the file`);
    }
    return this.#check(at, length, checksum);
  }

  #check(at: number, length: number, checksum: number): SegmentStep {
    const start = this.#load(at, ENTRY_FRAME_BYTES + length);
    const payloadAt = start + ENTRY_HEADER_BYTES;
    if (this.#buffer[payloadAt + length] !== ENTRY_END) return this.#bad('an entry without its end mark');
    if (adler32(this.#buffer, payloadAt, payloadAt + length) !== checksum) {
      return this.#bad('an entry whose checksum does not match');
    }
    this.zxid = zxidOfPayload(this.#buffer, payloadAt);
    this.#payloadAt = payloadAt;
    this.#payloadBytes = length;
    this.#nextOffset = at + ENTRY_FRAME_BYTES + length;
    return 'entry';
  }

  /** Whether there is nothing but zeros from here to the end of the file. */
  restIsZero(offset: number): boolean {
    for (let at = offset; at < this.#sizeBytes;) {
      const bytes = Math.min(ZEROS.length, this.#sizeBytes - at);
      const start = this.#load(at, bytes);
      if (ZEROS.compare(this.#buffer, start, start + bytes, 0, bytes) !== 0) return false;
      at += bytes;
    }
    return true;
  }

  /** The first place after `offset` where a whole entry with a right checksum and a zxid above `after` stands, if there is one. */
  findEntry(offset: number, after: Zxid): number | undefined {
    const last = this.#sizeBytes - ENTRY_FRAME_BYTES - PAYLOAD_BYTES_MIN;
    for (let at = offset; at <= last; at++) {
      const head = this.#load(at, ENTRY_HEADER_BYTES);
      const buffer = this.#buffer;
      if (buffer[head] !== 0 || buffer[head + 8]! > 0x0f || buffer.readInt32BE(head) !== 0) continue;
      const length = buffer.readInt32BE(head + 8);
      if (length < PAYLOAD_BYTES_MIN || length > PAYLOAD_BYTES_MAX) continue;
      if (this.#sizeBytes - at < ENTRY_FRAME_BYTES + length) continue;
      const checksum = buffer.readUInt32BE(head + 4);
      const kept = this.#nextOffset;
      const found = this.#check(at, length, checksum) === 'entry' && this.zxid > after;
      this.#nextOffset = kept;
      if (found) return at;
    }
    return undefined;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #bad(problem: string): 'bad' {
    this.problem = problem;
    return 'bad';
  }

  /** Makes `bytes` bytes at a file position present in the buffer, and tells where in it they begin. */
  #load(at: number, bytes: number): number {
    const start = at - this.#bufferAt;
    if (start >= 0 && start + bytes <= this.#loadedBytes) return start;
    if (bytes > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(bytes + CHUNK_BYTES);
    let loaded = 0;
    while (loaded < bytes) {
      const got = readSync(this.#fd, this.#buffer, loaded, this.#buffer.length - loaded, at + loaded);
      if (got === 0) throw new RangeError('the file became shorter while it was read');
      loaded += got;
    }
    this.#bufferAt = at;
    this.#loadedBytes = loaded;
    return 0;
  }
}
