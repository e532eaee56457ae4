import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/*
 * Before each operation and each result of a multi stands its type, whether it is the end, and an error code.
 */

/** The type of the header that ends the list. */
const END_TYPE = -1;

/** Reads a header; gives the type of what follows, or undefined at the end of the list. */
export function readMultiHeader(reader: RecordReader): number | undefined {
  const type = reader.readInt();
  const done = reader.readBool();
  reader.readInt();
  return done ? undefined : type;
}

export function writeMultiHeader(writer: RecordWriter, type: number, err: number): void {
  writer.writeInt(type);
  writer.writeBool(false);
  writer.writeInt(err);
}

export function writeMultiEnd(writer: RecordWriter): void {
  writer.writeInt(END_TYPE);
  writer.writeBool(true);
  writer.writeInt(-1);
}
