import { counterOf, epochOf, type Zxid } from '@corral/primitives';
import type { TransactionLog } from '@corral/zab';
import { CONFIG_PATH, dataOf, type Tree, type TreeStore, withData } from '@corral/znode';
import type { Connection } from '../connection.js';
import { HistoryGapError } from '../history-gap-error.js';

/** Clients find the members in `/zookeeper/config`. It is each member's own word, not a transaction. */
export function showConfig(tree: Tree<Connection>, store: TreeStore, configText: string): void {
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
