import type { DeleteRequest } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** delete; its reply has no body. */
export function readDeleteRequest(reader: RecordReader): DeleteRequest {
  return { path: reader.readString(), version: reader.readInt() };
}

export function writeDeleteRequest(writer: RecordWriter, request: DeleteRequest): void {
  writer.writeString(request.path);
  writer.writeInt(request.version);
}
