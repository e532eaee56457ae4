import type { PathRequest } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** The request of getACL, sync, getEphemerals and getAllChildrenNumber. */
export function readPathRequest(reader: RecordReader): PathRequest {
  return { path: reader.readString() };
}

export function writePathRequest(writer: RecordWriter, request: PathRequest): void {
  writer.writeString(request.path);
}
