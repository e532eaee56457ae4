import type { Zxid } from '@corral/primitives';
import type { LogEntry } from '@corral/zab';
import type { BatchBuffer } from './batch-buffer.js';
import { ENTRY_FRAME_BYTES, ENTRY_HEADER_BYTES, zxidOfPayload } from './entry-format.js';
import type { EntryIndex } from './entry-index.js';
import { LogDamagedError } from './errors.js';
import { SegmentReader } from './segment-reader.js';
import { type Segment, segmentIndexOf } from './segments.js';

/** What a log consists of. */
export interface LogParts {
  readonly segments: readonly Segment[];
  readonly index: EntryIndex;
  /** Appended and not yet written. */
  readonly waiting: BatchBuffer;
}

/**
 * The entries after a zxid, oldest first: from the files, then from the batch that waits in memory.
 * @throws LogDamagedError at the first bytes that are neither an entry nor the end.
 */
export function* readEntries({ segments, index, waiting }: LogParts, after: Zxid): Iterable<LogEntry> {
  const mark = index.atOrBefore(after);
  // A copy, because a purge may go on meanwhile.
  for (const segment of segments.slice(segmentIndexOf(segments, (after + 1) as Zxid))) {
    const reader = new SegmentReader(segment.path);
    try {
      if (mark?.segmentZxid === segment.firstZxid) reader.seek(mark.offset);
      let step = reader.next();
      for (; step === 'entry'; step = reader.next()) {
        if (reader.zxid > after) yield { zxid: reader.zxid, bytes: reader.payload };
      }
      if (step === 'bad') throw new LogDamagedError(segment.path, reader.offset, reader.problem);
    } finally {
      reader.close();
    }
  }
  yield* readWaiting(waiting, after);
}

function* readWaiting({ bytes, lengthBytes }: BatchBuffer, after: Zxid): Iterable<LogEntry> {
  for (let at = 0; at < lengthBytes;) {
    const payloadAt = at + ENTRY_HEADER_BYTES;
    const payloadEnd = payloadAt + bytes.readInt32BE(at + 8);
    const zxid = zxidOfPayload(bytes, payloadAt);
    if (zxid > after) yield { zxid, bytes: bytes.subarray(payloadAt, payloadEnd) };
    at = payloadEnd + (ENTRY_FRAME_BYTES - ENTRY_HEADER_BYTES);
  }
}
