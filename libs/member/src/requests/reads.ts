import { ErrorCode, OpCode, Perms } from '@corral/model';
import type { RecordReader, RecordWriter } from '@corral/wire';
import { readMultiReadRequest, writeMultiEnd, writeMultiHeader } from '@corral/wire';
import { hasOpenAcl, maskDigests, permits, type Tree, WatchMode, type ZnodeRecord } from '@corral/znode';
import type { Connection } from '../connection.js';
import { writeDataAndStat, writeStatOf } from '../replies.js';

/** What answering a read needs. */
export interface ReadContext {
  readonly tree: Tree<Connection>;
  readonly skipAcl: boolean;
}

/** Answers a read: appends the body to the writer and returns ok, or returns the error (what was appended then does not count). */
export type ReadAnswer = (
  context: ReadContext,
  connection: Connection,
  reader: RecordReader,
  writer: RecordWriter,
) => ErrorCode;

function mayNot(context: ReadContext, connection: Connection, record: ZnodeRecord, perms: number): boolean {
  if (hasOpenAcl(record) || context.skipAcl) return false;
  return !permits(context.tree.aclOf(record), perms, connection.identities);
}

export const answerGetData: ReadAnswer = (context, connection, reader, writer) => {
  const path = reader.readString();
  const watch = reader.readBool();
  if (path === null) return ErrorCode.marshallingError;
  const record = context.tree.get(path);
  if (record === undefined) return ErrorCode.noNode;
  if (mayNot(context, connection, record, Perms.read)) return ErrorCode.noAuth;
  if (watch) context.tree.dataWatches.add(path, connection, WatchMode.oneShot);
  writeDataAndStat(writer, record);
  return ErrorCode.ok;
};

/** A watch is left even where there is no znode yet. */
export const answerExists: ReadAnswer = (context, connection, reader, writer) => {
  const path = reader.readString();
  const watch = reader.readBool();
  if (path === null) return ErrorCode.marshallingError;
  if (path.includes('\0')) return ErrorCode.badArguments;
  if (watch) context.tree.dataWatches.add(path, connection, WatchMode.oneShot);
  const record = context.tree.get(path);
  if (record === undefined) return ErrorCode.noNode;
  writeStatOf(writer, record);
  return ErrorCode.ok;
};

/** getChildren, and getChildren2, which adds the stat. */
const childrenAnswer =
  (withStat: boolean): ReadAnswer =>
  (context, connection, reader, writer) => {
    const path = reader.readString();
    const watch = reader.readBool();
    if (path === null) return ErrorCode.marshallingError;
    const record = context.tree.get(path);
    if (record === undefined) return ErrorCode.noNode;
    if (mayNot(context, connection, record, Perms.read)) return ErrorCode.noAuth;
    if (watch) context.tree.childWatches.add(path, connection, WatchMode.oneShot);
    writer.writeStrings(context.tree.childNames(path));
    if (withStat) writeStatOf(writer, record);
    return ErrorCode.ok;
  };

export const answerGetChildren = childrenAnswer(false);
export const answerGetChildren2 = childrenAnswer(true);

/** Who may not administer the znode sees the digests without their hashes. */
export const answerGetAcl: ReadAnswer = (context, connection, reader, writer) => {
  const path = reader.readString();
  if (path === null) return ErrorCode.marshallingError;
  const record = context.tree.get(path);
  if (record === undefined) return ErrorCode.noNode;
  if (mayNot(context, connection, record, Perms.read | Perms.admin)) return ErrorCode.noAuth;
  const acl = context.tree.aclOf(record);
  writer.writeAcl(mayNot(context, connection, record, Perms.admin) ? maskDigests(acl) : acl);
  writeStatOf(writer, record);
  return ErrorCode.ok;
};

export const answerGetAllChildrenNumber: ReadAnswer = (context, connection, reader, writer) => {
  const path = reader.readString();
  if (path === null) return ErrorCode.marshallingError;
  const record = context.tree.get(path);
  if (record === undefined) return ErrorCode.noNode;
  if (mayNot(context, connection, record, Perms.read)) return ErrorCode.noAuth;
  writer.writeInt(context.tree.countBelow(path));
  return ErrorCode.ok;
};

/** The session's own ephemerals, all or those whose path begins with a prefix. */
export const answerGetEphemerals: ReadAnswer = (context, connection, reader, writer) => {
  const prefix = reader.readString() ?? '';
  const all = [...context.tree.owned.ofSession(connection.sessionId)];
  const trimmed = prefix.trim();
  writer.writeStrings(trimmed === '' || trimmed === '/' ? all : all.filter((path) => path.startsWith(prefix)));
  return ErrorCode.ok;
};

/** Who the connection has proved to be, as a name that may be shown. */
export const answerWhoAmI: ReadAnswer = (_context, connection, _reader, writer) => {
  writer.writeInt(connection.identities.length);
  for (const { scheme, id } of connection.identities) {
    writer.writeString(scheme);
    writer.writeString(scheme === 'digest' ? id.slice(0, id.indexOf(':')) : id);
  }
  return ErrorCode.ok;
};

/** A small request can name a large znode thousands of times; no client takes a reply of this size. */
const MULTI_READ_REPLY_BYTES_MAX = 16 * 1024 * 1024;

/** Several reads at one moment; each has its own result. The watch flags in them are not looked at, as in ZooKeeper. */
export const answerMultiRead: ReadAnswer = (context, connection, reader, writer) => {
  const startedAt = writer.length;
  for (const operation of readMultiReadRequest(reader)) {
    const { path } = operation;
    if (writer.length - startedAt > MULTI_READ_REPLY_BYTES_MAX) return ErrorCode.badArguments;
    if (path === null) return ErrorCode.marshallingError;
    const record = context.tree.get(path);
    const code = readCode(context, connection, record);
    if (record === undefined || code !== ErrorCode.ok) {
      writeMultiHeader(writer, OpCode.error, code);
      writer.writeInt(code);
      continue;
    }
    writeMultiHeader(writer, operation.type, ErrorCode.ok);
    if (operation.type === OpCode.getData) {
      writeDataAndStat(writer, record);
    } else {
      writer.writeStrings(context.tree.childNames(path));
    }
  }
  writeMultiEnd(writer);
  return ErrorCode.ok;
};

function readCode(context: ReadContext, connection: Connection, record: ZnodeRecord | undefined): ErrorCode {
  if (record === undefined) return ErrorCode.noNode;
  return mayNot(context, connection, record, Perms.read) ? ErrorCode.noAuth : ErrorCode.ok;
}
