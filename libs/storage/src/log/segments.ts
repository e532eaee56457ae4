import { join } from 'node:path';
import type { Zxid } from '@corral/primitives';
import { namesIn } from '../file-system.js';
import { zxidOfFileName } from './entry-format.js';

/** One file of the log. */
export interface Segment {
  readonly path: string;
  /** From its name: no entry in it is older. */
  readonly firstZxid: Zxid;
}

/** The log files of a directory, oldest first; none when there is no such directory. */
export function listSegments(directory: string): Segment[] {
  const segments: Segment[] = [];
  for (const name of namesIn(directory)) {
    const firstZxid = zxidOfFileName(name);
    if (firstZxid !== undefined) segments.push({ path: join(directory, name), firstZxid });
  }
  return segments.sort((a, b) => a.firstZxid - b.firstZxid);
}

/** The index of the segment in which `zxid` is or would be; 0 when all are newer. */
export function segmentIndexOf(segments: readonly Segment[], zxid: Zxid): number {
  let index = segments.length - 1;
  while (index > 0 && segments[index]!.firstZxid > zxid) index--;
  return Math.max(index, 0);
}
