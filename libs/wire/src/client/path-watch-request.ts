import type { PathWatchRequest } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** The request of exists, getData, getChildren and getChildren2. */
export function readPathWatchRequest(reader: RecordReader): PathWatchRequest {
  return { path: reader.readString(), watch: reader.readBool() };
}

export function writePathWatchRequest(writer: RecordWriter, request: PathWatchRequest): void {
  writer.writeString(request.path);
  writer.writeBool(request.watch);
}
