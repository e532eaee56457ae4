import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** What every reply but the first begins with. A body follows only where `err` is 0. */
export interface ReplyHeader {
  readonly xid: number;
  /** The newest transaction that the member has applied; -1 in a watch event. */
  readonly zxid: number;
  /** An `ErrorCode`. */
  readonly err: number;
}

export function readReplyHeader(reader: RecordReader): ReplyHeader {
  return { xid: reader.readInt(), zxid: reader.readLong(), err: reader.readInt() };
}

/** Takes the fields one by one, because one goes out with every request. */
export function writeReplyHeader(writer: RecordWriter, xid: number, zxid: number, err: number): void {
  writer.writeInt(xid);
  writer.writeLong(zxid);
  writer.writeInt(err);
}
