import { ErrorCode, type EventType, KeeperState } from '@corral/model';
import type { RecordWriter } from '@corral/wire';
import { REPLY_OFFSET, STAT_SIZE_BYTES, statEnd, type ZnodeRecord } from '@corral/znode';

/** The xid that marks a watch event. */
const WATCH_EVENT_XID = -1;
/** The zxid that watch events carry: ZooKeeper 3.8 puts no zxid there. */
const WATCH_EVENT_ZXID = -1;
/** Where the zxid of a reply stands, behind its length and xid. */
export const REPLY_ZXID_OFFSET = 8;
/** xid, zxid and error code. */
const REPLY_HEADER_SIZE_BYTES = 16;

/**
 * Begins a reply in a connection's outgoing bytes; `endReply` completes it.
 * @returns the place that `endReply` needs.
 */
export function beginReply(writer: RecordWriter, xid: number, zxid: number, code: number): number {
  const at = writer.beginFrame();
  writer.writeInt(xid);
  writer.writeLong(zxid);
  writer.writeInt(code);
  return at;
}

/** A reply without a body. */
export function writeEmptyReply(writer: RecordWriter, xid: number, zxid: number, code: number): void {
  writer.writeInt(REPLY_HEADER_SIZE_BYTES);
  writer.writeInt(xid);
  writer.writeLong(zxid);
  writer.writeInt(code);
}

/** Data and stat, in one copy. */
export function writeDataAndStat(writer: RecordWriter, record: ZnodeRecord): void {
  writer.writeBytes(record, REPLY_OFFSET, statEnd(record));
}

export function writeStatOf(writer: RecordWriter, record: ZnodeRecord): void {
  const end = statEnd(record);
  writer.writeBytes(record, end - STAT_SIZE_BYTES, end);
}

/** A watch event, with its length. */
export function writeWatchEventFrame(writer: RecordWriter, type: EventType, path: string): void {
  const at = beginReply(writer, WATCH_EVENT_XID, WATCH_EVENT_ZXID, ErrorCode.ok);
  writer.writeInt(type);
  writer.writeInt(KeeperState.syncConnected);
  writer.writeString(path);
  writer.endFrame(at);
}
