import type { Zxid } from '@corral/primitives';
import { FILE_HEADER_BYTES } from './entry-format.js';
import { LogDamagedError } from './errors.js';
import { cut, removeSegment } from './recover.js';
import { SegmentReader } from './segment-reader.js';
import type { Segment } from './segments.js';

/**
 * Drops every entry after `zxid`, durably. Files go newest first, each for good before the next, so that a crash in between leaves
 * a log without gaps. Removes from `segments` what is gone, and tells what is left.
 */
export function truncateSegments(segments: Segment[], zxid: Zxid): { lastZxid: Zxid; endOffset: number } {
  while (segments.length > 0) {
    const segment = segments.at(-1)!;
    if (segment.firstZxid <= zxid) {
      const kept = truncateSegment(segment, zxid);
      if (kept.endOffset > FILE_HEADER_BYTES) return kept;
    }
    removeSegment(segment);
    segments.pop();
  }
  return { lastZxid: 0 as Zxid, endOffset: 0 };
}

function truncateSegment(segment: Segment, zxid: Zxid): { lastZxid: Zxid; endOffset: number } {
  const reader = new SegmentReader(segment.path);
  try {
    let lastZxid = 0 as Zxid;
    let step = reader.next();
    while (step === 'entry' && reader.zxid <= zxid) {
      lastZxid = reader.zxid;
      step = reader.next();
    }
    if (step === 'bad') throw new LogDamagedError(segment.path, reader.offset, reader.problem);
    // Even when nothing is to be cut: what stays may not be durable yet.
    cut(segment, reader.offset);
    return { lastZxid, endOffset: reader.offset };
  } finally {
    reader.close();
  }
}
