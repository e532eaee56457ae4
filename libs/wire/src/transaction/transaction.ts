import { type Change, OpCode, type Transaction, type TransactionHeader } from '@corral/model';
import { type SessionId, type Zxid } from '@corral/primitives';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';
import { TRANSACTION_DIGEST_SIZE_BYTES } from './digest.js';
import { readMultiChange, writeMultiChange } from './multi.js';
import { readNodeChange, writeNodeChange } from './node-change.js';
import { readCloseSessionChange, writeCloseSessionChange } from './session.js';

/**
 * A transaction in the form of ZooKeeper's log and of its PROPOSAL messages: session, cxid, zxid, time and type, then the record.
 * Writing a create, setData or delete allocates nothing.
 */
export function writeTransaction(writer: RecordWriter, header: TransactionHeader, change: Change): void {
  writer.writeLongBig(header.sessionId);
  writer.writeInt(header.cxid);
  writer.writeLong(header.zxid);
  writer.writeLong(header.timeMs);
  writer.writeInt(change.type);
  switch (change.type) {
    case OpCode.multi:
      return writeMultiChange(writer, change);
    case OpCode.createSession:
      return writer.writeInt(change.timeoutMs);
    case OpCode.closeSession:
      return writeCloseSessionChange(writer, change);
    default:
      return writeNodeChange(writer, change);
  }
}

/** Reads a transaction from bytes that hold nothing else. Data and the like are views of these bytes. */
export function readTransaction(reader: RecordReader): Transaction {
  const sessionId = reader.readLongBig() as SessionId;
  const cxid = reader.readInt();
  const zxid = reader.readLong() as Zxid;
  const timeMs = reader.readLong();
  const at = reader.offset;
  const change = readChange(reader, reader.readInt(), at);
  if (reader.remaining === TRANSACTION_DIGEST_SIZE_BYTES) reader.offset = reader.end;
  return { header: { sessionId, cxid, zxid, timeMs }, change };
}

function readChange(reader: RecordReader, type: number, at: number): Change {
  switch (type) {
    case OpCode.multi:
      return readMultiChange(reader);
    case OpCode.createSession:
      return { type, timeoutMs: reader.readInt() };
    case OpCode.closeSession:
      return readCloseSessionChange(reader);
    default:
      return readNodeChange(reader, type, at);
  }
}
