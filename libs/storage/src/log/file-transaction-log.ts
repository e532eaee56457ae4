import { unlink } from 'node:fs';
import { join } from 'node:path';
import { assert, formatZxid, type Zxid } from '@corral/primitives';
import type { LogEntry, TransactionLog } from '@corral/zab';
import { makeDirectory, syncDirectory } from '../file-system.js';
import { type Logger, silentLogger } from '../logger.js';
import { BatchBuffer } from './batch-buffer.js';
import { Checkpoint } from './checkpoint.js';
import { type LogDisk, realDisk } from './disk.js';
import { segmentFileName } from './entry-format.js';
import { EntryIndex } from './entry-index.js';
import { LogFailedError } from './errors.js';
import { readEntries } from './read-entries.js';
import { recoverLog } from './recover.js';
import { SegmentWriter } from './segment-writer.js';
import type { Segment } from './segments.js';
import { truncateSegments } from './truncate.js';

/** How a log is opened. */
export interface FileTransactionLogOptions {
  /** The folder of the `log.*` files; made when it is missing. */
  readonly directory: string;
  /** What the tree has made durable: only what is newer is read at the start. */
  readonly appliedZxid: Zxid;
  readonly logger?: Logger;
  /** A segment that is longer takes no further batch. */
  readonly segmentBytesMax?: number;
  /** How many segments, the written one included, outlast every purge: the others serve followers that lag. */
  readonly segmentsKept?: number;
  /** For tests: a disk that fails. */
  readonly disk?: LogDisk;
}

/** Short, so that the segments that stay after a purge take little beside the tree; a new one costs its first sync a directory's sync. */
const SEGMENT_BYTES_MAX = 8 * 1024 * 1024;
const SEGMENTS_KEPT = 2;

type Done = (error: Error | undefined) => void;

/** The transaction log in files of ZooKeeper's own format: append-only segments, one group commit at a time. */
export class FileTransactionLog implements TransactionLog {
  readonly #directory: string;
  readonly #logger: Logger;
  readonly #disk: LogDisk;
  readonly #segmentBytesMax: number;
  readonly #segmentsKept: number;
  readonly #segments: Segment[];
  readonly #index = new EntryIndex();
  readonly #checkpoint: Checkpoint;
  #writer: SegmentWriter | undefined;
  #lastZxid: Zxid;

  /** What was appended since the last sync began: a sync writes it at once and waits for the disk only, so one buffer is enough. */
  readonly #filling = new BatchBuffer();
  #syncDone: Done | undefined;
  #failure: LogFailedError | undefined;
  #closed = false;

  private constructor(options: FileTransactionLogOptions) {
    this.#directory = options.directory;
    this.#logger = options.logger ?? silentLogger;
    this.#disk = options.disk ?? realDisk;
    this.#segmentBytesMax = options.segmentBytesMax ?? SEGMENT_BYTES_MAX;
    this.#segmentsKept = options.segmentsKept ?? SEGMENTS_KEPT;
    makeDirectory(this.#directory);
    this.#checkpoint = new Checkpoint(this.#directory, this.#logger);
    const { segments, lastZxid, endOffset } = recoverLog({
      directory: this.#directory,
      appliedZxid: options.appliedZxid,
      checkpoint: this.#checkpoint.read(),
      index: this.#index,
      logger: this.#logger,
    });
    this.#segments = segments;
    this.#lastZxid = lastZxid;
    const last = segments.at(-1);
    if (last !== undefined) this.#writer = SegmentWriter.reopen(this.#disk, last, endOffset);
  }

  /**
   * Recovers and opens the log of a directory.
   * @throws LogDamagedError when it holds damage that a crash does not explain.
   */
  static open(options: FileTransactionLogOptions): FileTransactionLog {
    return new FileTransactionLog(options);
  }

  get lastZxid(): Zxid {
    return this.#lastZxid;
  }

  /** Why the log takes nothing more, when it does not. */
  get failure(): LogFailedError | undefined {
    return this.#failure;
  }

  /** Bytes that were appended and not yet handed to a sync. */
  get pendingBytes(): number {
    return this.#filling.lengthBytes;
  }

  append(zxid: Zxid, bytes: Uint8Array): void {
    if (this.#failure !== undefined) throw this.#failure;
    assert(zxid > this.#lastZxid, 'zxids in the log only go up');
    this.#filling.append(zxid, bytes);
    this.#lastZxid = zxid;
  }

  sync(done: Done): void {
    assert(this.#syncDone === undefined, 'the log syncs one batch at a time');
    assert(!this.#closed, 'a closed log does not sync');
    if (this.#failure !== undefined || this.#filling.isEmpty) {
      process.nextTick(done, this.#failure);
      return;
    }
    this.#syncDone = done;
    try {
      this.#write();
    } catch (error) {
      this.#fail('writing to', error);
      this.#filling.clear();
      this.#cutBack();
      process.nextTick(() => this.#finishSync());
      return;
    }
    this.#writer!.sync(this.#onSynced);
  }

  read(after: Zxid): Iterable<LogEntry> {
    return readEntries({ segments: this.#segments, index: this.#index, waiting: this.#filling }, after);
  }

  truncate(zxid: Zxid): void {
    if (this.#failure !== undefined) throw this.#failure;
    assert(this.#syncDone === undefined, 'the log is not truncated while it syncs');
    if (zxid >= this.#lastZxid) return;
    try {
      // What waits in memory goes through the file, so that there is one place to cut.
      if (!this.#filling.isEmpty) this.#write();
      this.#index.dropAfter(zxid);
      this.#writer?.close();
      this.#writer = undefined;
      const { lastZxid, endOffset } = truncateSegments(this.#segments, zxid);
      syncDirectory(this.#directory);
      const last = this.#segments.at(-1);
      if (last !== undefined) this.#writer = SegmentWriter.reopen(this.#disk, last, endOffset);
      this.#logger('info', 'truncated the transaction log', {
        to: formatZxid(zxid),
        from: formatZxid(this.#lastZxid),
        lastZxid: formatZxid(lastZxid),
      });
      this.#lastZxid = lastZxid;
    } catch (error) {
      throw this.#fail('truncating', error);
    }
  }

  purge(through: Zxid): void {
    this.#checkpoint.write(this.#index.atOrBefore(through));
    while (this.#segments.length > Math.max(this.#segmentsKept, 1) && this.#segments[1]!.firstZxid - 1 <= through) {
      const { path } = this.#segments.shift()!;
      unlink(path, (error) => {
        if (error !== null) {
          this.#logger('warn', 'could not remove an old log file', { file: path, error: error.message });
        }
      });
    }
    if (this.#segments.length > 0) this.#index.dropBefore(this.#segments[0]!.firstZxid);
  }

  /** Ends the log: what was appended and not synced is dropped. Not while a sync is under way. */
  close(): void {
    if (this.#closed) return;
    assert(this.#syncDone === undefined, 'the log is not closed while it syncs');
    this.#closed = true;
    this.#writer?.close();
  }

  /** Writes what has gathered. */
  #write(): void {
    const batch = this.#filling;
    const writer = this.#writerFor(batch);
    const offset = writer.endOffset;
    writer.write(batch);
    this.#index.note(batch.firstZxid, writer.segment.firstZxid, offset);
    batch.clear();
  }

  /** The segment that takes a batch: the written one, or a new one when that is full or there is none. */
  #writerFor(batch: BatchBuffer): SegmentWriter {
    const current = this.#writer;
    if (current !== undefined && current.endOffset < this.#segmentBytesMax) return current;
    const segment = {
      path: join(this.#directory, segmentFileName(batch.firstZxid)),
      firstZxid: batch.firstZxid,
    };
    this.#writer = SegmentWriter.create(this.#disk, segment, this.#directory);
    this.#segments.push(segment);
    current?.close();
    return this.#writer;
  }

  #onSynced = (error: Error | null): void => {
    if (error !== null) this.#fail('syncing', error);
    this.#finishSync();
  };

  #finishSync(): void {
    const done = this.#syncDone!;
    this.#syncDone = undefined;
    done(this.#failure);
  }

  #fail(doing: string, cause: unknown): LogFailedError {
    const file = this.#writer?.segment.path ?? this.#directory;
    this.#failure = new LogFailedError(file, doing, cause);
    this.#logger('error', this.#failure.message, { file });
    return this.#failure;
  }

  #cutBack(): void {
    try {
      this.#writer?.cutBack();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger('warn', 'could not take back a failed write; the next start cuts it', { error: reason });
    }
  }
}
