import type { SetWatchesRequest } from '@corral/model';
import type { Zxid } from '@corral/primitives';
import { MalformedRecordError } from '../errors.js';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** A list of paths, which may be empty and may not be null. */
export function readPaths(reader: RecordReader): string[] {
  const at = reader.offset;
  const paths = reader.readStrings();
  if (paths === null) throw new MalformedRecordError('list of paths', at, 'a list, not null');
  return paths;
}

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
