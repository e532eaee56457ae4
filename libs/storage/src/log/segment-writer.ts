import { closeSync, fsync, ftruncateSync, openSync } from 'node:fs';
import type { BatchBuffer } from './batch-buffer.js';
import type { LogDisk } from './disk.js';
import { encodeFileHeader, FILE_HEADER_BYTES } from './entry-format.js';
import type { Segment } from './segments.js';

/**
 * How far ahead the file is made longer, as a hole. A write inside the file's length has no length to make durable, which takes a
 * third off the sync of a lone small batch; a hole costs no disk. Short steps keep the check of the zeros at a restart short.
 */
const PADDING_BYTES = 4 * 1024 * 1024;

/** The segment that is written. */
export class SegmentWriter {
  readonly #disk: LogDisk;
  readonly #fd: number;
  #paddedTo: number;
  /** The directory's descriptor while its entry for this file is not yet durable. */
  #directoryFd: number | undefined;

  #endOffset: number;

  private constructor(
    disk: LogDisk,
    readonly segment: Segment,
    file: { readonly fd: number; readonly endOffset: number; readonly directoryFd?: number },
  ) {
    this.#disk = disk;
    this.#fd = file.fd;
    this.#endOffset = file.endOffset;
    this.#paddedTo = file.endOffset;
    this.#directoryFd = file.directoryFd;
  }

  /** Where the next entry goes. */
  get endOffset(): number {
    return this.#endOffset;
  }

  /** Makes a new file. It becomes durable with its first batch: `sync` takes care of its name as well. */
  static create(disk: LogDisk, segment: Segment, directory: string): SegmentWriter {
    const fd = openSync(segment.path, 'wx', 0o640);
    try {
      disk.write(fd, encodeFileHeader(), FILE_HEADER_BYTES, 0);
      return new SegmentWriter(disk, segment, {
        fd,
        endOffset: FILE_HEADER_BYTES,
        directoryFd: openSync(directory, 'r'),
      });
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** Goes on with a file that recovery has found sound up to `endOffset`. */
  static reopen(disk: LogDisk, segment: Segment, endOffset: number): SegmentWriter {
    return new SegmentWriter(disk, segment, { fd: openSync(segment.path, 'r+'), endOffset });
  }

  /** Writes a batch at the end, on the calling thread: for what arrives in one turn of the loop that is cheaper than a hand-over. */
  write(batch: BatchBuffer): void {
    const end = this.#endOffset + batch.lengthBytes;
    if (end > this.#paddedTo) {
      this.#paddedTo = end + PADDING_BYTES;
      ftruncateSync(this.#fd, this.#paddedTo);
    }
    this.#disk.write(this.#fd, batch.bytes, batch.lengthBytes, this.#endOffset);
    this.#endOffset = end;
  }

  /** Makes all that was written durable, off the calling thread. */
  sync(done: (error: Error | null) => void): void {
    const directoryFd = this.#directoryFd;
    if (directoryFd === undefined) {
      this.#disk.sync(this.#fd, done);
      return;
    }
    this.#disk.sync(this.#fd, (fileError) => {
      if (fileError !== null) {
        done(fileError);
        return;
      }
      fsync(directoryFd, (directoryError) => {
        if (directoryError === null) {
          closeSync(directoryFd);
          this.#directoryFd = undefined;
        }
        done(directoryError);
      });
    });
  }

  /** Takes back what a failed write may have left behind. Best effort: recovery cuts it as well. */
  cutBack(): void {
    ftruncateSync(this.#fd, this.#endOffset);
  }

  /** Gives back the padding and the descriptor. The entries are durable already. */
  close(): void {
    if (this.#directoryFd !== undefined) closeSync(this.#directoryFd);
    try {
      ftruncateSync(this.#fd, this.#endOffset);
    } finally {
      closeSync(this.#fd);
    }
  }
}
