import type { WatchesRequest } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** removeWatches; its reply has no body. */
export function readRemoveWatchesRequest(reader: RecordReader): WatchesRequest {
  return { path: reader.readString(), type: reader.readInt() };
}

export function writeRemoveWatchesRequest(writer: RecordWriter, request: WatchesRequest): void {
  writer.writeString(request.path);
  writer.writeInt(request.type);
}
