/** Writes and reads the primitive fields of ZooKeeper's records, independently of the codecs under test. */

/** A string field: text, exact bytes (for invalid UTF-8), or null, which the wire keeps apart from empty. */
export type StringField = string | Buffer | null;

/** Collects fields into the bytes of a request. */
export class FieldWriter {
  readonly #parts: Buffer[] = [];

  int(value: number): this {
    const part = Buffer.alloc(4);
    part.writeInt32BE(value | 0);
    this.#parts.push(part);
    return this;
  }

  long(value: bigint): this {
    const part = Buffer.alloc(8);
    part.writeBigInt64BE(BigInt.asIntN(64, value));
    this.#parts.push(part);
    return this;
  }

  bool(value: boolean | number): this {
    this.#parts.push(Buffer.from([Number(value)]));
    return this;
  }

  /** Bytes without a length before them. */
  bytes(value: Uint8Array): this {
    this.#parts.push(Buffer.from(value));
    return this;
  }

  buffer(value: StringField): this {
    if (value === null) return this.int(-1);
    const bytes = Buffer.from(value as string, 'utf8');
    return this.int(bytes.length).bytes(bytes);
  }

  string(value: StringField): this {
    return this.buffer(value);
  }

  vector<T>(items: readonly T[] | null, write: (item: T) => void): this {
    if (items === null) return this.int(-1);
    this.int(items.length);
    for (const item of items) write(item);
    return this;
  }

  strings(items: readonly StringField[] | null): this {
    return this.vector(items, (item) => this.string(item));
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Reads fields out of the bytes of a reply; reading past the end throws a RangeError. */
export class FieldReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get rest(): Buffer {
    return this.#bytes.subarray(this.#position);
  }

  int(): number {
    const value = this.#bytes.readInt32BE(this.#position);
    this.#position += 4;
    return value;
  }

  long(): bigint {
    const value = this.#bytes.readBigInt64BE(this.#position);
    this.#position += 8;
    return value;
  }

  byte(): number {
    const value = this.#bytes.readUInt8(this.#position);
    this.#position += 1;
    return value;
  }

  buffer(): Buffer | null {
    const length = this.int();
    if (length === -1) return null;
    if (length < 0 || this.#position + length > this.#bytes.length) throw new RangeError(`a length of ${length}`);
    const value = this.#bytes.subarray(this.#position, this.#position + length);
    this.#position += length;
    return value;
  }

  string(): string | null {
    return this.buffer()?.toString('utf8') ?? null;
  }

  vector<T>(read: () => T): T[] | null {
    const length = this.int();
    if (length === -1) return null;
    return Array.from({ length }, read);
  }
}
