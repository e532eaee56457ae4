import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

export {
  readPathRequest as readGetAllChildrenNumberRequest,
  writePathRequest as writeGetAllChildrenNumberRequest,
} from './path-request.js';

/** How many znodes lie below the path. */
export function readGetAllChildrenNumberResponse(reader: RecordReader): number {
  return reader.readInt();
}

export function writeGetAllChildrenNumberResponse(writer: RecordWriter, count: number): void {
  writer.writeInt(count);
}
