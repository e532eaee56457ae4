import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** What a watch tells; it follows a reply header with the xid of watcher events. */
export interface WatcherEvent {
  /** An `EventType`. */
  readonly type: number;
  /** A `KeeperState`. */
  readonly state: number;
  readonly path: string | null;
}

export function readWatcherEvent(reader: RecordReader): WatcherEvent {
  return { type: reader.readInt(), state: reader.readInt(), path: reader.readString() };
}

export function writeWatcherEvent(writer: RecordWriter, event: WatcherEvent): void {
  writer.writeInt(event.type);
  writer.writeInt(event.state);
  writer.writeString(event.path);
}
