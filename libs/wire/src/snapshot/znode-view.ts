import { MalformedRecordError } from '../errors.js';
import type { RecordReader } from '../record-reader.js';
import { decodeText } from '../text.js';
import { PersistedStatAt } from './persisted-stat.js';

/** The path that follows the last znode. */
const END_PATH = 0x2f;

/**
 * Where the next znode of a snapshot stands in the bytes that were read. There is one view for all of them, because a snapshot has millions: what
 * it shows lasts until the next one is read. Parents come before their children.
 */
export class SnapshotZnodeView {
  buffer: Buffer = Buffer.alloc(0);
  /** The root is the empty string. */
  pathStart = 0;
  pathEnd = 0;
  /** -1 for null. */
  dataLength = 0;
  dataStart = 0;
  aclKey = 0;
  /** Where the stat begins, in the form of `PersistedStatAt`. */
  statAt = 0;

  get path(): string {
    return decodeText(this.buffer, this.pathStart, this.pathEnd);
  }

  /** Goes to the next znode, or answers false at the end of the tree. @throws MalformedRecordError when it is neither or not all there. */
  read(reader: RecordReader): boolean {
    const at = reader.offset;
    const pathLength = reader.skipBuffer();
    if (pathLength === -1) throw new MalformedRecordError('path in a snapshot', at, 'a path, not null');
    this.buffer = reader.buffer;
    this.pathEnd = reader.offset;
    this.pathStart = reader.offset - pathLength;
    if (pathLength === 1 && this.buffer[this.pathStart] === END_PATH) return false;
    this.dataLength = reader.skipBuffer();
    this.dataStart = reader.offset - Math.max(this.dataLength, 0);
    this.aclKey = reader.readLong();
    this.statAt = reader.offset;
    passStat(reader);
    return true;
  }
}

/** Passes over a stat. Its zxids and times must fit a double. */
function passStat(reader: RecordReader): void {
  for (let longs = 0; longs < 4; longs += 1) reader.readLong();
  reader.skip(PersistedStatAt.pzxid - PersistedStatAt.version);
  reader.readLong();
}
