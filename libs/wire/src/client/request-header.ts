import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** What every request but the first begins with. On the hot path the two fields are read where they are needed. */
export interface RequestHeader {
  /** The client's number of the request, see `Xid` for the reserved ones. */
  readonly xid: number;
  /** An `OpCode`, or anything else that a client made up. */
  readonly type: number;
}

/** The numbers of requests and replies that are not counted. */
export const Xid = { watcherEvent: -1, ping: -2, auth: -4, setWatches: -8 } as const;

export function readRequestHeader(reader: RecordReader): RequestHeader {
  return { xid: reader.readInt(), type: reader.readInt() };
}

export function writeRequestHeader(writer: RecordWriter, header: RequestHeader): void {
  writer.writeInt(header.xid);
  writer.writeInt(header.type);
}
