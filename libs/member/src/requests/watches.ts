import { AddWatchMode, ErrorCode, type SetWatchesRequest, WatcherType } from '@corral/model';
import { readSetWatches2Request, readSetWatchesRequest, type RecordReader } from '@corral/wire';
import { addToBoth, type Deliver, setWatches, WatchMode } from '@corral/znode';
import type { Connection } from '../connection.js';
import type { ReadAnswer } from './reads.js';

/** Watches a path for good; the znode need not exist. */
export const answerAddWatch: ReadAnswer = (context, connection, reader, writer) => {
  const path = reader.readString() ?? '';
  const mode = reader.readInt();
  if (mode !== AddWatchMode.persistent && mode !== AddWatchMode.persistentRecursive) return ErrorCode.marshallingError;
  const recursive = mode === AddWatchMode.persistentRecursive;
  addToBoth(context.tree, path, connection, recursive ? WatchMode.recursive : WatchMode.persistent);
  writer.writeInt(ErrorCode.ok);
  return ErrorCode.ok;
};

/** Which tables and modes a request means. ZooKeeper 3.8 knows the first three types; a type takes all modes in its tables. */
function targetOf(type: number): { data: boolean; children: boolean; modes: number } | undefined {
  const all = WatchMode.oneShot | WatchMode.persistent | WatchMode.recursive;
  switch (type) {
    case WatcherType.children:
      return { data: false, children: true, modes: all };
    case WatcherType.data:
      return { data: true, children: false, modes: all };
    case WatcherType.any:
      return { data: true, children: true, modes: all };
    case WatcherType.persistent:
      return { data: true, children: true, modes: WatchMode.persistent };
    case WatcherType.persistentRecursive:
      return { data: true, children: true, modes: WatchMode.recursive };
    default:
      return undefined;
  }
}

export const answerRemoveWatches: ReadAnswer = (context, connection, reader) => {
  const path = reader.readString();
  const target = targetOf(reader.readInt());
  if (path === null || target === undefined) return ErrorCode.marshallingError;
  const { dataWatches, childWatches } = context.tree;
  const children = target.children && childWatches.remove(path, connection, target.modes);
  const data = target.data && dataWatches.remove(path, connection, target.modes);
  return children || data ? ErrorCode.ok : ErrorCode.noWatcher;
};

export const answerCheckWatches: ReadAnswer = (context, connection, reader) => {
  const path = reader.readString();
  const target = targetOf(reader.readInt());
  if (path === null || target === undefined) return ErrorCode.marshallingError;
  const { dataWatches, childWatches } = context.tree;
  const children = target.children && (childWatches.modesOf(path, connection) & target.modes) !== 0;
  const data = target.data && (dataWatches.modesOf(path, connection) & target.modes) !== 0;
  return children || data ? ErrorCode.ok : ErrorCode.noWatcher;
};

const setWatchesAnswer =
  (read: (reader: RecordReader) => SetWatchesRequest) =>
  (deliver: Deliver<Connection>): ReadAnswer =>
  (context, connection, reader) => {
    setWatches(context.tree, read(reader), connection, deliver);
    return ErrorCode.ok;
  };

/** What happened meanwhile is told before the reply, as events. */
export const setWatchesAnswerWith = setWatchesAnswer(readSetWatchesRequest);
export const setWatches2AnswerWith = setWatchesAnswer(readSetWatches2Request);
