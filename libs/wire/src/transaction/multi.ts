import { type MultiChange, type NodeChange, OpCode } from '@corral/model';
import { MalformedRecordError } from '../errors.js';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';
import { readNodeChange, writeNodeChange } from './node-change.js';

/** A list of changes, each with its type and, as a buffer of its own, its record. */
export function writeMultiChange(writer: RecordWriter, change: MultiChange): void {
  writer.writeInt(change.changes.length);
  for (const nested of change.changes) {
    writer.writeInt(nested.type);
    const at = writer.beginFrame();
    writeNodeChange(writer, nested);
    writer.endFrame(at);
  }
}

export function readMultiChange(reader: RecordReader): MultiChange {
  const count = reader.readInt();
  const changes: NodeChange[] = [];
  for (let index = 0; index < count; index += 1) changes.push(readNested(reader));
  return { type: OpCode.multi, changes };
}

function readNested(reader: RecordReader): NodeChange {
  const at = reader.offset;
  const type = reader.readInt();
  const length = reader.readInt();
  const outerEnd = reader.end;
  const end = reader.offset + length;
  if (length < 0 || end > outerEnd) {
    throw new MalformedRecordError(
      'length of a nested transaction',
      at + 4,
      `0 to ${String(outerEnd - reader.offset)}`,
    );
  }
  reader.end = end;
  const change = readNodeChange(reader, type, at);
  reader.offset = end;
  reader.end = outerEnd;
  return change;
}
