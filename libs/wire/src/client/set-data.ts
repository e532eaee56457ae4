import type { SetDataRequest } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

export { readStatResponse as readSetDataResponse, writeStatResponse as writeSetDataResponse } from './stat-response.js';

/** setData. */
export function readSetDataRequest(reader: RecordReader): SetDataRequest {
  return { path: reader.readString(), data: reader.readBuffer(), version: reader.readInt() };
}

export function writeSetDataRequest(writer: RecordWriter, request: SetDataRequest): void {
  writer.writeString(request.path);
  writer.writeBuffer(request.data);
  writer.writeInt(request.version);
}
