import { EventType } from '@corral/model';
import type { Zxid } from '@corral/primitives';

/** What a watch tells: that something happened to a znode. What it is now has to be read. */
export interface WatchEvent {
  readonly type: 'created' | 'deleted' | 'changed' | 'children';
  readonly path: string;
  /** The transaction that did it, from servers that say so (Apache 3.9 on). */
  readonly zxid?: Zxid;
}

/** Events may have been missed: whoever keeps state has to read it anew. Also the first thing that a stream of events yields. */
export interface Resync {
  readonly type: 'resync';
}

/** A one-shot watcher: called once. */
export type Watcher = (event: WatchEvent) => void;

/** The names of the event types; the types that are missing tell of watches that were removed, which the remover knows. */
const NAMES: Readonly<Record<number, WatchEvent['type']>> = {
  [EventType.nodeCreated]: 'created',
  [EventType.nodeDeleted]: 'deleted',
  [EventType.nodeDataChanged]: 'changed',
  [EventType.nodeChildrenChanged]: 'children',
};

/** The event's name; nothing for those that are not about a znode. */
export function watchEventName(type: number): WatchEvent['type'] | undefined {
  return NAMES[type];
}
