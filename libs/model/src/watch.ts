/** What a watch event tells (ZooKeeper's Watcher.Event.EventType). */
export const EventType = {
  none: -1,
  nodeCreated: 1,
  nodeDeleted: 2,
  nodeDataChanged: 3,
  nodeChildrenChanged: 4,
  dataWatchRemoved: 5,
  childWatchRemoved: 6,
  persistentWatchRemoved: 7,
} as const;
export type EventType = (typeof EventType)[keyof typeof EventType];

/** The session's state as a watch event carries it (ZooKeeper's Watcher.Event.KeeperState). */
export const KeeperState = {
  disconnected: 0,
  syncConnected: 3,
  authFailed: 4,
  connectedReadOnly: 5,
  expired: -112,
  closed: 7,
} as const;

/** Which watches a removeWatches or checkWatches request means (ZooKeeper's Watcher.WatcherType). */
export const WatcherType = { children: 1, data: 2, any: 3, persistent: 4, persistentRecursive: 5 } as const;

/** How an addWatch request watches (ZooKeeper's AddWatchMode). */
export const AddWatchMode = { persistent: 0, persistentRecursive: 1 } as const;
