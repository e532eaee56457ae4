import { RecordWriter } from '@corral/wire';

/** What a new writer starts with: a reply or an event fits, and a thousand connections with one each take a megabyte. */
const WRITER_BYTES = 1024;
/** A writer that has grown beyond this is not kept. */
const POOLED_WRITER_BYTES_MAX = 256 * 1024;
/** The memory that lies ready; writers beyond it are left to the garbage collector. */
const POOLED_BYTES_MAX = 8 * 1024 * 1024;

/** Lends outgoing buffers to the connections that have something to say this turn, so that idle ones hold none. */
export class WriterPool {
  readonly #free: RecordWriter[] = [];
  #freeBytes = 0;

  take(): RecordWriter {
    const writer = this.#free.pop();
    if (writer === undefined) return new RecordWriter(WRITER_BYTES);
    this.#freeBytes -= writer.buffer.length;
    return writer;
  }

  /** The bytes have left; nobody refers to the buffer any more. */
  giveBack(writer: RecordWriter): void {
    const sizeBytes = writer.buffer.length;
    if (sizeBytes > POOLED_WRITER_BYTES_MAX || this.#freeBytes + sizeBytes > POOLED_BYTES_MAX) return;
    writer.clear();
    this.#freeBytes += sizeBytes;
    this.#free.push(writer);
  }
}
