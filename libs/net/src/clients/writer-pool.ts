import { RecordWriter } from '@corral/wire';

/** Writers that lie ready; more than these are left to the garbage collector. */
const POOLED_WRITERS_MAX = 64;
/** A writer that has grown beyond this is not kept. */
const POOLED_WRITER_BYTES_MAX = 256 * 1024;

/** Lends outgoing buffers to the connections that have something to say this turn, so that idle ones hold none. */
export class WriterPool {
  readonly #free: RecordWriter[] = [];

  take(): RecordWriter {
    return this.#free.pop() ?? new RecordWriter(4096);
  }

  /** The bytes have left; nobody refers to the buffer any more. */
  giveBack(writer: RecordWriter): void {
    if (this.#free.length >= POOLED_WRITERS_MAX || writer.buffer.length > POOLED_WRITER_BYTES_MAX) return;
    writer.clear();
    this.#free.push(writer);
  }
}
