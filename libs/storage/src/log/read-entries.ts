import type { Zxid } from '@corral/primitives';
import type { LogEntry } from '@corral/zab';
import type { BatchBuffer } from './batch-buffer.js';
import { ENTRY_FRAME_BYTES, ENTRY_HEADER_BYTES, zxidOfPayload } from './entry-format.js';
import { LogDamagedError } from './errors.js';
import { SegmentReader } from './segment-reader.js';
import { type Segment, segmentIndexOf } from './segments.js';

/**
 * The entries after a zxid, oldest first: from the files, then from the batch that waits in memory.
 * @throws LogDamagedError at the first bytes that are neither an entry nor the end.
 */
export function* readEntries(segments: readonly Segment[], after: Zxid, waiting: BatchBuffer): Iterable<LogEntry> {
  // A copy, because a purge may go on meanwhile.
  for (const segment of segments.slice(segmentIndexOf(segments, (after + 1) as Zxid))) {
    const reader = new SegmentReader(segment.path);
    try {
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
