import { MalformedRecordError } from './errors.js';
import { RecordReader } from './record-reader.js';

/** Is told of the bytes of every record that was read, in order, for a checksum over them. */
export type OnBytes = (buffer: Buffer, start: number, end: number) => void;

const NOTHING = Buffer.alloc(0);

/**
 * Reads records that follow each other in a stream without lengths in front, as on the quorum port and in snapshots: a record is
 * complete when it can be decoded. Holds the unread bytes, and never more than one record's limit and one chunk.
 */
export class RecordStream {
  readonly #maxRecordBytes: number;
  readonly #onBytes: OnBytes | undefined;
  readonly #reader = new RecordReader();
  #chunks: Buffer[] = [];
  /** Where the unread bytes begin in the first chunk. */
  #start = 0;
  #pendingBytes = 0;
  /** As long as fewer bytes are there, trying to decode is no use. */
  #neededBytes = 1;
  /** How many bytes came before those that are pending. */
  #position = 0;

  constructor(maxRecordBytes: number, onBytes?: OnBytes) {
    this.#maxRecordBytes = maxRecordBytes;
    this.#onBytes = onBytes;
  }

  /** How many bytes were read as records so far. */
  get position(): number {
    return this.#position;
  }

  /** How many bytes wait to be read. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Takes the next bytes of the stream. They must not change until they were read. */
  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#pendingBytes += chunk.length;
  }

  /**
   * The next record, or undefined when it has not arrived as a whole.
   * Views in it last as long as the chunks. @throws MalformedRecordError when the bytes cannot become a record within the limit.
   */
  read<T>(decode: (reader: RecordReader) => T): T | undefined {
    if (this.#pendingBytes < this.#neededBytes) return undefined;
    const buffer = this.#joined();
    const start = this.#start;
    const reader = this.#reader.reset(buffer, start, buffer.length);
    let value: T;
    try {
      value = decode(reader);
    } catch (error) {
      this.#expectMore(error);
      return undefined;
    }
    this.#onBytes?.(buffer, start, reader.offset);
    this.#consume(reader.offset - start);
    return value;
  }

  /** Gives up the unread bytes, for whoever reads the rest of the stream in another way. */
  takeRest(): Buffer {
    const rest = this.#pendingBytes === 0 ? NOTHING : this.#joined().subarray(this.#start);
    this.#consume(this.#pendingBytes);
    return rest;
  }

  #joined(): Buffer {
    if (this.#chunks.length > 1) {
      const [first] = this.#chunks;
      this.#chunks[0] = first!.subarray(this.#start);
      this.#chunks = [Buffer.concat(this.#chunks)];
      this.#start = 0;
    }
    return this.#chunks[0] ?? NOTHING;
  }

  #expectMore(error: unknown): void {
    if (!(error instanceof MalformedRecordError) || error.missingBytes === 0) throw error;
    this.#neededBytes = this.#pendingBytes + error.missingBytes;
    if (this.#neededBytes <= this.#maxRecordBytes) return;
    const limit = `at most ${String(this.#maxRecordBytes)} bytes`;
    throw new MalformedRecordError('record', this.#position, `${limit}, not ${String(this.#neededBytes)}`);
  }

  #consume(sizeBytes: number): void {
    this.#start += sizeBytes;
    this.#position += sizeBytes;
    this.#pendingBytes -= sizeBytes;
    this.#neededBytes = 1;
    if (this.#pendingBytes > 0) return;
    this.#chunks = [];
    this.#start = 0;
  }
}
