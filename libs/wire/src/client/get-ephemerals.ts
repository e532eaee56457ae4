import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

export {
  readPathRequest as readGetEphemeralsRequest,
  writePathRequest as writeGetEphemeralsRequest,
} from './path-request.js';

/** The session's ephemeral znodes below the prefix. */
export function readGetEphemeralsResponse(reader: RecordReader): string[] | null {
  return reader.readStrings();
}

export function writeGetEphemeralsResponse(writer: RecordWriter, paths: readonly string[] | null): void {
  writer.writeStrings(paths);
}
