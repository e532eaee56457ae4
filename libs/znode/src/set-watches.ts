import { EventType, OPEN_ACL, type SetWatchesRequest } from '@corral/model';
import * as records from './record.js';
import type { Tree } from './tree.js';
import { type Deliver, WatchMode } from './watches.js';

/**
 * Sets a reconnecting client's watches again. A watch whose event happened while the client was away fires at once: what the
 * client saw last (`relativeZxid`) is compared with the znode's own zxids.
 */
export function setWatches<W extends object>(
  tree: Tree<W>,
  request: SetWatchesRequest,
  watcher: W,
  deliver: Deliver<W>,
): void {
  const { relativeZxid } = request;
  // As in ZooKeeper, what a client learns here does not depend on ACLs: exists would tell it as much.
  const tell = (type: EventType, path: string): void => {
    deliver(watcher, { type, path, acl: OPEN_ACL });
  };
  for (const path of request.dataWatches) {
    const record = tree.get(path);
    if (record === undefined) tell(EventType.nodeDeleted, path);
    else if (records.mzxidOf(record) > relativeZxid) tell(EventType.nodeDataChanged, path);
    else tree.dataWatches.add(path, watcher, WatchMode.oneShot);
  }
  for (const path of request.existWatches) {
    if (tree.get(path) !== undefined) tell(EventType.nodeCreated, path);
    else tree.dataWatches.add(path, watcher, WatchMode.oneShot);
  }
  for (const path of request.childWatches) {
    const record = tree.get(path);
    if (record === undefined) tell(EventType.nodeDeleted, path);
    else if (records.pzxidOf(record) > relativeZxid) tell(EventType.nodeChildrenChanged, path);
    else tree.childWatches.add(path, watcher, WatchMode.oneShot);
  }
  for (const path of request.persistentWatches) addToBoth(tree, path, watcher, WatchMode.persistent);
  for (const path of request.persistentRecursiveWatches) addToBoth(tree, path, watcher, WatchMode.recursive);
}

/** A persistent watch hears of data and of children, so it stands in both tables. */
export function addToBoth<W extends object>(tree: Tree<W>, path: string, watcher: W, mode: number): void {
  tree.dataWatches.add(path, watcher, mode);
  tree.childWatches.add(path, watcher, mode);
}
