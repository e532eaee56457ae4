import { type Change, ErrorCode, type NodeChange, OpCode } from '@corral/model';
import { type RecordWriter, writeMultiEnd, writeMultiHeader } from '@corral/wire';
import type { ChangeResult, ZnodeRecord } from '@corral/znode';
import { writeStatOf } from '../replies.js';

/** Appends the body of the reply to a write that was applied. */
export function writeResult(writer: RecordWriter, change: Change, result: ChangeResult | ChangeResult[]): void {
  switch (change.type) {
    case OpCode.create:
      writer.writeString(change.path);
      return;
    case OpCode.create2:
    case OpCode.createContainer:
    case OpCode.createTtl:
      writer.writeString(change.path);
      writeStatOf(writer, result as ZnodeRecord);
      return;
    case OpCode.setData:
    case OpCode.setAcl:
      writeStatOf(writer, result as ZnodeRecord);
      return;
    case OpCode.multi:
      writeMultiResults(writer, change.changes, result as ChangeResult[]);
      return;
    default:
  }
}

function writeMultiResults(writer: RecordWriter, changes: readonly NodeChange[], results: ChangeResult[]): void {
  changes.forEach((change, at) => {
    // createContainer and createTTL answer as create2 does.
    const answersAsCreate2 = change.type === OpCode.createContainer || change.type === OpCode.createTtl;
    writeMultiHeader(writer, answersAsCreate2 ? OpCode.create2 : change.type, ErrorCode.ok);
    writeResult(writer, change, results[at]);
  });
  writeMultiEnd(writer);
}

/** Appends the body of the reply to a multi that was refused: an error for each of its parts. */
export function writeMultiErrors(writer: RecordWriter, codes: readonly ErrorCode[]): void {
  for (const code of codes) {
    writeMultiHeader(writer, OpCode.error, code);
    writer.writeInt(code);
  }
  writeMultiEnd(writer);
}
