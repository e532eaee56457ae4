import { type Acl, OPEN_ACL, type Stat } from '@corral/model';
import { type SessionId, type Zxid } from '@corral/primitives';
import { MalformedRecordError } from './errors.js';
import { longOf, UPPER_SAFE_MAX, UPPER_SAFE_MIN, UPPER_UNIT } from './long.js';
import { OPEN_ACL_BYTES } from './open-acl.js';
import { decodeText } from './text.js';

const NOTHING = Buffer.alloc(0);

/**
 * Reads the fields of a record one after the other, in place. One reader serves every frame: `reset` points it at the next.
 * Whatever the bytes are, a read gives a value or throws `MalformedRecordError`, and it never looks beyond `end`.
 */
export class RecordReader {
  /** The buffer that is being read. */
  buffer: Buffer = NOTHING;
  /** Where the next field begins. */
  offset = 0;
  /** Where the record's bytes end. */
  end = 0;

  /** Points the reader at the bytes from `start` to `end`. */
  reset(buffer: Buffer, start: number, end: number): this {
    this.buffer = buffer;
    this.offset = start;
    this.end = end;
    return this;
  }

  /** How many bytes are still unread. */
  get remaining(): number {
    return this.end - this.offset;
  }

  readInt(): number {
    const at = this.offset;
    if (at + 4 > this.end) this.#tooShort('int', 4);
    this.offset = at + 4;
    const buffer = this.buffer;
    return (buffer[at]! << 24) | (buffer[at + 1]! << 16) | (buffer[at + 2]! << 8) | buffer[at + 3]!;
  }

  /** A 64-bit number that must fit a double: zxids, times. */
  readLong(): number {
    const at = this.offset;
    if (at + 8 > this.end) this.#tooShort('long', 8);
    const upper = this.readInt();
    const lower = this.readInt();
    if (upper < UPPER_SAFE_MIN || upper > UPPER_SAFE_MAX || (upper === UPPER_SAFE_MIN && lower === 0)) {
      throw new MalformedRecordError('long', at, 'a number between -2^53 and 2^53');
    }
    return upper * UPPER_UNIT + (lower >>> 0);
  }

  /** As `readLong`, for numbers that are only compared: one that does not fit becomes the largest or smallest that does. */
  readLongSaturated(): number {
    if (this.offset + 8 > this.end) this.#tooShort('long', 8);
    const upper = this.readInt();
    const lower = this.readInt();
    if (upper > UPPER_SAFE_MAX) return Number.MAX_SAFE_INTEGER;
    if (upper < UPPER_SAFE_MIN) return Number.MIN_SAFE_INTEGER;
    return Math.max(upper * UPPER_UNIT + (lower >>> 0), Number.MIN_SAFE_INTEGER);
  }

  /** A 64-bit number as it is: session ids. */
  readLongBig(): bigint {
    if (this.offset + 8 > this.end) this.#tooShort('long', 8);
    const upper = this.readInt();
    return longOf(upper, this.readInt());
  }

  /** Any byte but 0 is true. */
  readBool(): boolean {
    const at = this.offset;
    if (at >= this.end) this.#tooShort('bool', 1);
    this.offset = at + 1;
    return this.buffer[at] !== 0;
  }

  /** Invalid UTF-8 becomes U+FFFD. */
  readString(): string | null {
    const length = this.#readLength('string length');
    if (length < 0) return null;
    const at = this.offset;
    this.offset = at + length;
    return decodeText(this.buffer, at, at + length);
  }

  /** A view of the bytes, no copy: it lasts as long as the buffer behind it. */
  readBuffer(): Buffer | null {
    const length = this.#readLength('buffer length');
    if (length < 0) return null;
    const at = this.offset;
    this.offset = at + length;
    return this.buffer.subarray(at, at + length);
  }

  /** Passes over a buffer or a string, which then ends at `offset`; answers with its length, -1 for null. */
  skipBuffer(): number {
    const length = this.#readLength('buffer length');
    if (length > 0) this.offset += length;
    return length;
  }

  /** Passes over so many bytes. */
  skip(sizeBytes: number): void {
    if (this.offset + sizeBytes > this.end) this.#tooShort('bytes', sizeBytes);
    this.offset += sizeBytes;
  }

  /** A view of all that is left. */
  readRest(): Buffer {
    const at = this.offset;
    this.offset = this.end;
    return this.buffer.subarray(at, this.end);
  }

  /** A list of strings, none of them null. */
  readStrings(): string[] | null {
    const count = this.readInt();
    if (count === -1) return null;
    const strings: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const at = this.offset;
      const text = this.readString();
      if (text === null) throw new MalformedRecordError('string in a list', at, 'a string, not null');
      strings.push(text);
    }
    return strings;
  }

  /** The open ACL comes back as the one shared object; anything else is decoded. */
  readAcl(): readonly Acl[] | null {
    if (this.#skipOpenAcl()) return OPEN_ACL;
    const count = this.readInt();
    if (count === -1) return null;
    const acl: Acl[] = [];
    for (let index = 0; index < count; index += 1) {
      const perms = this.readInt();
      const scheme = this.readIdentityPart();
      acl.push({ perms, scheme, id: this.readIdentityPart() });
    }
    return acl;
  }

  /** A scheme or an id. A null one equals no scheme and no id, as the empty string does. */
  readIdentityPart(): string {
    return this.readString() ?? '';
  }

  readStat(): Stat {
    return {
      czxid: this.readLong() as Zxid,
      mzxid: this.readLong() as Zxid,
      ctimeMs: this.readLong(),
      mtimeMs: this.readLong(),
      version: this.readInt(),
      cversion: this.readInt(),
      aversion: this.readInt(),
      ephemeralOwner: this.readLongBig() as SessionId,
      dataLength: this.readInt(),
      numChildren: this.readInt(),
      pzxid: this.readLong() as Zxid,
    };
  }

  /** The length of what follows, which is then known to be there; -1 stands for null. */
  #readLength(what: string): number {
    const at = this.offset;
    const length = this.readInt();
    if (length >= -1 && length <= this.end - this.offset) return length;
    const missing = Math.max(length - (this.end - this.offset), 0);
    throw new MalformedRecordError(what, at, `-1 to ${String(this.remaining)}, not ${String(length)}`, missing);
  }

  #skipOpenAcl(): boolean {
    const at = this.offset;
    const size = OPEN_ACL_BYTES.length;
    if (at + size > this.end) return false;
    const buffer = this.buffer;
    for (let index = 0; index < size; index += 1) {
      if (buffer[at + index] !== OPEN_ACL_BYTES[index]) return false;
    }
    this.offset = at + size;
    return true;
  }

  #tooShort(what: string, sizeBytes: number): never {
    const found = this.remaining;
    const expected = `${String(sizeBytes)} bytes, found ${String(found)}`;
    throw new MalformedRecordError(what, this.offset, expected, sizeBytes - found);
  }
}
