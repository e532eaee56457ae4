import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

export { readPathRequest as readSyncRequest, writePathRequest as writeSyncRequest } from './path-request.js';

/** The path of the request, once more. */
export function readSyncResponse(reader: RecordReader): string | null {
  return reader.readString();
}

export function writeSyncResponse(writer: RecordWriter, path: string | null): void {
  writer.writeString(path);
}
