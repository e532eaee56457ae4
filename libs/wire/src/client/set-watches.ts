import type { SetWatchesRequest } from '@corral/model';
import type { Zxid } from '@corral/primitives';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';
import { readPaths } from './watch-paths.js';

/** setWatches, with the two lists that it lacks left empty; its reply has no body. */
export function readSetWatchesRequest(reader: RecordReader): SetWatchesRequest {
  return {
    relativeZxid: reader.readLongSaturated() as Zxid,
    dataWatches: readPaths(reader),
    existWatches: readPaths(reader),
    childWatches: readPaths(reader),
    persistentWatches: [],
    persistentRecursiveWatches: [],
  };
}

export function writeSetWatchesRequest(writer: RecordWriter, request: SetWatchesRequest): void {
  writer.writeLong(request.relativeZxid);
  writer.writeStrings(request.dataWatches);
  writer.writeStrings(request.existWatches);
  writer.writeStrings(request.childWatches);
}
