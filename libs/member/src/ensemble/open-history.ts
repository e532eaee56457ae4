import { counterOf, epochOf, type Zxid } from '@corral/primitives';
import { JuteAclCodec } from '@corral/wire';
import type { TransactionLog } from '@corral/zab';
import { CONFIG_PATH, dataOf, Tree, type TreeStore, withData } from '@corral/znode';
import type { Connection } from '../connection.js';
import { HistoryGapError } from '../history-gap-error.js';
import type { WatchEvents } from '../watch-events.js';

/** The tree of a member of an ensemble that `configText` describes. */
export function openTree(store: TreeStore, configText: string, { deliver }: WatchEvents): Tree<Connection> {
  const tree = new Tree<Connection>({
    store,
    aclCodec: new JuteAclCodec(),
    allocate: (sizeBytes) => Buffer.allocUnsafe(sizeBytes),
    deliver,
  });
  showConfig(tree, store, configText);
  return tree;
}

/** Clients find the members in `/zookeeper/config`. It is each member's own word, not a transaction. */
function showConfig(tree: Tree<Connection>, store: TreeStore, configText: string): void {
  const text = Buffer.from(configText);
  const record = tree.get(CONFIG_PATH);
  if (record === undefined || text.equals(dataOf(record) ?? Buffer.alloc(0))) return;
  store.put(
    CONFIG_PATH,
    withData(record, text, (sizeBytes) => Buffer.allocUnsafe(sizeBytes)),
  );
}

/**
 * What the log has beyond the tree must follow it: within an epoch by one, or at the beginning of a later epoch.
 * @throws HistoryGapError when it does not.
 */
export function checkHistory(appliedZxid: Zxid, log: TransactionLog): void {
  for (const { zxid } of log.read(appliedZxid)) {
    const startsEpoch = counterOf(zxid) === 1 && epochOf(zxid) > epochOf(appliedZxid);
    if (zxid !== appliedZxid + 1 && !startsEpoch) throw new HistoryGapError(appliedZxid, zxid);
    return;
  }
}
