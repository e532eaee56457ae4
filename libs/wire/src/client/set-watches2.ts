import type { SetWatchesRequest } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';
import { readSetWatchesRequest, writeSetWatchesRequest } from './set-watches.js';
import { readPaths } from './watch-paths.js';

/** setWatches2: setWatches and two lists more. */
export function readSetWatches2Request(reader: RecordReader): SetWatchesRequest {
  return {
    ...readSetWatchesRequest(reader),
    persistentWatches: readPaths(reader),
    persistentRecursiveWatches: readPaths(reader),
  };
}

export function writeSetWatches2Request(writer: RecordWriter, request: SetWatchesRequest): void {
  writeSetWatchesRequest(writer, request);
  writer.writeStrings(request.persistentWatches);
  writer.writeStrings(request.persistentRecursiveWatches);
}
