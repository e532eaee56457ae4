import type { DeleteRequest } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/**
 * deleteContainer, which only members send, to themselves. The record is that of ZooKeeper 3.9; 3.8 has none, and refuses
 * every deleteContainer that a client sends.
 */
export function readDeleteContainerRequest(reader: RecordReader): DeleteRequest {
  return { path: reader.readString(), version: -1 };
}

export function writeDeleteContainerRequest(writer: RecordWriter, request: DeleteRequest): void {
  writer.writeString(request.path);
}
