import type { SetWatchesRequest } from '@corral/model';
import type { Zxid } from '@corral/primitives';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** setWatches, with the two lists that it lacks left empty; its reply has no body. */
export function readSetWatchesRequest(reader: RecordReader): SetWatchesRequest {
  return {
    relativeZxid: reader.readLongSaturated() as Zxid,
    dataWatches: reader.readStrings() ?? [],
    existWatches: reader.readStrings() ?? [],
    childWatches: reader.readStrings() ?? [],
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
