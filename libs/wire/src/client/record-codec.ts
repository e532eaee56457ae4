import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** How one record is read and written. */
export interface RecordCodec {
  readonly read: (reader: RecordReader) => unknown;
  readonly write: (writer: RecordWriter, value: never) => void;
}

/** What stands after the header of a request and of a successful reply; null where nothing does. */
export interface OperationCodec {
  readonly request: RecordCodec | null;
  readonly response: RecordCodec | null;
}
