import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

export {
  readPathWatchRequest as readGetChildrenRequest,
  writePathWatchRequest as writeGetChildrenRequest,
} from './path-watch-request.js';

/** The children's names. */
export function readGetChildrenResponse(reader: RecordReader): string[] | null {
  return reader.readStrings();
}

export function writeGetChildrenResponse(writer: RecordWriter, children: readonly string[] | null): void {
  writer.writeStrings(children);
}
