import { MalformedRecordError } from '../errors.js';
import type { RecordReader } from '../record-reader.js';

/** A list of paths, which may be empty and may not be null. */
export function readPaths(reader: RecordReader): string[] {
  const at = reader.offset;
  const paths = reader.readStrings();
  if (paths === null) throw new MalformedRecordError('list of paths', at, 'a list, not null');
  return paths;
}
