import type { AddWatchRequest } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** addWatch. */
export function readAddWatchRequest(reader: RecordReader): AddWatchRequest {
  return { path: reader.readString(), mode: reader.readInt() };
}

export function writeAddWatchRequest(writer: RecordWriter, request: AddWatchRequest): void {
  writer.writeString(request.path);
  writer.writeInt(request.mode);
}

/** The only reply whose body is an error code, always 0: a failure is in the header, without a body. */
export function readAddWatchResponse(reader: RecordReader): number {
  return reader.readInt();
}

export function writeAddWatchResponse(writer: RecordWriter, code: number): void {
  writer.writeInt(code);
}
