import { closeSync, fsyncSync, ftruncateSync, openSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatZxid, type Zxid } from '@corral/primitives';
import { syncDirectory, syncFile } from '../file-system.js';
import type { Logger } from '../logger.js';
import { FILE_HEADER_BYTES } from './entry-format.js';
import type { EntryIndex, EntryMark } from './entry-index.js';
import { LogDamagedError } from './errors.js';
import { SegmentReader } from './segment-reader.js';
import { listSegments, type Segment, segmentIndexOf } from './segments.js';

/** What a recovered log consists of. */
export interface RecoveredLog {
  readonly segments: Segment[];
  readonly lastZxid: Zxid;
  /** Where the last segment's entries end; the file may go on with zeros. */
  readonly endOffset: number;
}

/** What a recovery works with. */
export interface Recovery {
  readonly directory: string;
  /** What the tree has already. */
  readonly appliedZxid: Zxid;
  /** An entry that the tree has already, if one is known. */
  readonly checkpoint: EntryMark | undefined;
  /** Is told where entries stand. */
  readonly index: EntryIndex;
  readonly logger: Logger;
}

/**
 * Brings the log files into order after whatever stopped the last process. What the tree has already is not read, as far as the
 * checkpoint tells where that ends; without one, reading begins with the segment that holds `appliedZxid`.
 * @throws LogDamagedError when there is damage that a crash does not explain.
 */
export function recoverLog(recovery: Recovery): RecoveredLog {
  const { directory, logger } = recovery;
  const segments = listSegments(directory);
  dropUnborn(segments, logger);
  let lastZxid = 0 as Zxid;
  let endOffset = 0;
  for (let position = segmentIndexOf(segments, recovery.appliedZxid); position < segments.length; position++) {
    const isLast = position === segments.length - 1;
    const before = lastZxid;
    ({ lastZxid, endOffset } = recoverSegment(recovery, segments[position]!, isLast, before));
  }
  if (segments.length > 0 && endOffset === FILE_HEADER_BYTES) {
    // Its first batch was torn off. Its name may not fit the next one, so it goes too.
    removeSegment(segments.pop()!);
    endOffset = segments.length === 0 ? 0 : endOfSegment(segments.at(-1)!);
  }
  if (segments.length > 0) {
    // A process that was killed leaves entries that only the page cache holds. What is read here counts, so it must last.
    syncFile(segments.at(-1)!.path);
    syncDirectory(directory);
  }
  return { segments, lastZxid, endOffset };
}

/** Where the entries of a segment end that is known to be sound. */
function endOfSegment(segment: Segment): number {
  const reader = new SegmentReader(segment.path);
  try {
    while (reader.next() === 'entry');
    return reader.offset;
  } finally {
    reader.close();
  }
}

/** Removes a segment, durably. */
export function removeSegment(segment: Segment): void {
  unlinkSync(segment.path);
  syncDirectory(dirname(segment.path));
}

/** Removes a last segment that a crash stopped before its header was on disk: nothing in it was ever acknowledged. */
function dropUnborn(segments: Segment[], logger: Logger): void {
  const last = segments.at(-1);
  if (last === undefined) return;
  const reader = new SegmentReader(last.path);
  const header = reader.checkHeader();
  const { sizeBytes } = reader;
  reader.close();
  if (header !== 'torn') return;
  segments.pop();
  removeSegment(last);
  logger('warn', 'removed a log file that a crash left without its header', { file: last.path, sizeBytes });
}

function recoverSegment(
  recovery: Recovery,
  segment: Segment,
  isLast: boolean,
  before: Zxid,
): { lastZxid: Zxid; endOffset: number } {
  const { index, logger } = recovery;
  const reader = new SegmentReader(segment.path);
  try {
    if (reader.checkHeader() !== 'good') {
      throw new LogDamagedError(segment.path, 0, reader.problem || 'a file header that is missing');
    }
    let lastZxid = before;
    seekCheckpoint(reader, recovery, segment);
    let step = reader.next();
    while (step === 'entry') {
      if (reader.zxid <= lastZxid) {
        const order = `${formatZxid(reader.zxid)} follows ${formatZxid(lastZxid)}, but zxids only go up`;
        throw new LogDamagedError(segment.path, reader.offset, order);
      }
      lastZxid = reader.zxid;
      index.note(lastZxid, segment.firstZxid, reader.offset);
      step = reader.next();
    }
    const endOffset = reader.offset;
    if (step === 'end' && reader.restIsZero(endOffset)) return { lastZxid, endOffset };
    const problem = step === 'end' ? 'zeros where an entry should be' : reader.problem;
    if (!isLast) throw new LogDamagedError(segment.path, endOffset, `${problem}, and newer log files follow`);
    const next = reader.findEntry(endOffset + 1, lastZxid);
    if (next !== undefined) {
      throw new LogDamagedError(
        segment.path,
        endOffset,
        `${problem}, and a good entry follows at byte ${String(next)}`,
      );
    }
    cut(segment, endOffset);
    logger('warn', 'cut a torn record off the end of the transaction log', {
      file: segment.path,
      offset: endOffset,
      cutBytes: reader.sizeBytes - endOffset,
      problem,
      lastZxid: formatZxid(lastZxid),
    });
    return { lastZxid, endOffset };
  } finally {
    reader.close();
  }
}

/** Goes to the entry of the checkpoint, if it is in this segment, not newer than the tree, and really there. */
function seekCheckpoint(reader: SegmentReader, { checkpoint, appliedZxid }: Recovery, segment: Segment): void {
  if (checkpoint?.segmentZxid !== segment.firstZxid || checkpoint.zxid > appliedZxid) return;
  reader.seek(checkpoint.offset);
  const isThere = reader.next() === 'entry' && reader.zxid === checkpoint.zxid;
  reader.seek(isThere ? checkpoint.offset : FILE_HEADER_BYTES);
}

/** Shortens a segment, durably. */
export function cut(segment: Segment, offset: number): void {
  const fd = openSync(segment.path, 'r+');
  try {
    ftruncateSync(fd, Math.max(offset, FILE_HEADER_BYTES));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
