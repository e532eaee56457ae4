import type { Zxid } from '@corral/primitives';
import type { LogEntry } from '@corral/zab';
import type { BatchBuffer } from './batch-buffer.js';
import { ENTRY_FRAME_BYTES, ENTRY_HEADER_BYTES, zxidOfPayload } from './entry-format.js';
import { LogDamagedError } from './errors.js';
import { SegmentReader } from './segment-reader.js';
import { type Segment, segmentIndexOf } from './segments.js';

/**
 * The entries after a zxid, oldest first: from the files, then from the batch that waits in memory.
 * The same object is yielded again and again, with other contents.
 * @throws LogDamagedError at the first bytes that are neither an entry nor the end.
 */
export function* readEntries(segments: readonly Segment[], after: Zxid, waiting: BatchBuffer): Iterable<LogEntry> {
  const entry: { zxid: Zxid; bytes: Uint8Array } = { zxid: 0 as Zxid, bytes: Buffer.alloc(0) };
  // A copy, because a purge may go on meanwhile.
  for (const segment of segments.slice(segmentIndexOf(segments, after))) {
    const reader = new SegmentReader(segment.path);
    try {
      let step = reader.next();
      for (; step === 'entry'; step = reader.next()) {
        if (reader.zxid <= after) continue;
        entry.zxid = reader.zxid;
        entry.bytes = reader.payload;
        yield entry;
      }
      if (step === 'bad') throw new LogDamagedError(segment.path, reader.offset, reader.problem);
    } finally {
      reader.close();
    }
  }
  yield* readWaiting(waiting, after, entry);
}

function* readWaiting(
  { bytes, lengthBytes }: BatchBuffer,
  after: Zxid,
  entry: { zxid: Zxid; bytes: Uint8Array },
): Iterable<LogEntry> {
  for (let at = 0; at < lengthBytes;) {
    const payloadAt = at + ENTRY_HEADER_BYTES;
    const payloadEnd = payloadAt + bytes.readInt32BE(at + 8);
    entry.zxid = zxidOfPayload(bytes, payloadAt);
    entry.bytes = bytes.subarray(payloadAt, payloadEnd);
    if (entry.zxid > after) yield entry;
    at = payloadEnd + (ENTRY_FRAME_BYTES - ENTRY_HEADER_BYTES);
  }
}
