/** Reads and writes ZooKeeper's records, apart from the code under test: a checker must not share its mistakes. */

/** Builds a record field by field. */
export class RecordBuilder {
  readonly #parts: Buffer[] = [];

  int(value: number): this {
    const field = Buffer.alloc(4);
    field.writeInt32BE(value);
    this.#parts.push(field);
    return this;
  }

  long(value: bigint): this {
    const field = Buffer.alloc(8);
    field.writeBigInt64BE(value);
    this.#parts.push(field);
    return this;
  }

  bool(value: boolean): this {
    this.#parts.push(Buffer.from([value ? 1 : 0]));
    return this;
  }

  buffer(value: Uint8Array | null): this {
    if (value === null) return this.int(-1);
    this.int(value.length).#parts.push(Buffer.from(value));
    return this;
  }

  string(value: string): this {
    return this.buffer(Buffer.from(value, 'utf8'));
  }

  /** Bytes as they are, without a length. */
  raw(value: Uint8Array): this {
    this.#parts.push(Buffer.from(value));
    return this;
  }

  build(): Buffer {
    return Buffer.concat(this.#parts);
  }

  /** The record behind its length, as it goes over the wire. */
  frame(): Buffer {
    const body = this.build();
    return new RecordBuilder().int(body.length).raw(body).build();
  }
}

/** Reads a record field by field. */
export class RecordCursor {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int(): number {
    const value = this.#bytes.readInt32BE(this.#offset);
    this.#offset += 4;
    return value;
  }

  long(): bigint {
    const value = this.#bytes.readBigInt64BE(this.#offset);
    this.#offset += 8;
    return value;
  }

  bool(): boolean {
    const value = this.#bytes.readUInt8(this.#offset);
    this.#offset += 1;
    return value !== 0;
  }

  buffer(): Buffer | null {
    const length = this.int();
    if (length < 0) return null;
    const value = this.#bytes.subarray(this.#offset, this.#offset + length);
    if (value.length < length) throw new RangeError('a buffer ends beyond its record');
    this.#offset += length;
    return value;
  }

  string(): string {
    return this.buffer()?.toString('utf8') ?? '';
  }

  strings(): string[] {
    return Array.from({ length: Math.max(0, this.int()) }, () => this.string());
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#offset);
  }
}
