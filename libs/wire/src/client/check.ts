import type { CheckVersionRequest } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

export { readStatResponse as readCheckResponse, writeStatResponse as writeCheckResponse } from './stat-response.js';

/** check; as a rule it comes inside a multi. */
export function readCheckRequest(reader: RecordReader): CheckVersionRequest {
  return { path: reader.readString(), version: reader.readInt() };
}

export function writeCheckRequest(writer: RecordWriter, request: CheckVersionRequest): void {
  writer.writeString(request.path);
  writer.writeInt(request.version);
}
