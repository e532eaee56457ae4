import { nodeName, OPEN_ACL, parentPath, READ_ACL } from '@corral/model';
import { NO_SESSION, ZXID_ZERO } from '@corral/primitives';
import { encodeAcl } from '@corral/wire';
import {
  CONFIG_PATH,
  dataLengthOf,
  newRecord,
  numChildrenOf,
  QUOTA_ROOT,
  QuotaFigures,
  setChildCount,
  stampAcl,
  STATS_NODE,
  type TreeStore,
  withData,
} from '@corral/znode';
import { allocate } from '../allocate.js';

/** Makes the system's own znodes that an old version of ZooKeeper did not have. */
export function addSystemZnodes(store: TreeStore): void {
  for (const path of ['/zookeeper', QUOTA_ROOT, CONFIG_PATH]) {
    if (store.get(path) !== undefined) continue;
    const acl = encodeAcl(path === CONFIG_PATH ? READ_ACL : OPEN_ACL);
    const record = newRecord({ data: Buffer.alloc(0), acl, zxid: ZXID_ZERO, timeMs: 0, owner: NO_SESSION }, allocate);
    if (path === CONFIG_PATH) stampAcl(record, -1);
    store.put(path, record);
    const parent = parentPath(path);
    const parentRecord = store.get(parent)!;
    setChildCount(parentRecord, numChildrenOf(parentRecord) + 1);
    store.put(parent, parentRecord);
    store.linkChild(parent, nodeName(path));
    store.state.znodeCount += 1;
    store.state.dataSizeBytes += path.length;
  }
}

/** Counts anew what lies below each path with a quota: a replay over a snapshot that was ahead would count some of it twice. */
export function recountQuotas(store: TreeStore, quotaPath = QUOTA_ROOT): void {
  for (const name of store.childNames(quotaPath)) {
    const path = `${quotaPath}/${name}`;
    if (name === STATS_NODE) writeStats(store, path, quotaPath.slice(QUOTA_ROOT.length));
    else recountQuotas(store, path);
  }
}

function writeStats(store: TreeStore, statsPath: string, subject: string): void {
  const used = usageOf(store, subject);
  const before = store.get(statsPath)!;
  const lengthBefore = dataLengthOf(before);
  const record = withData(before, QuotaFigures.of(used.znodes, used.bytes).encode(), allocate);
  store.put(statsPath, record);
  store.state.dataSizeBytes += dataLengthOf(record) - lengthBefore;
}

function usageOf(store: TreeStore, path: string): { znodes: number; bytes: number } {
  const record = store.get(path);
  if (record === undefined) return { znodes: 0, bytes: 0 };
  const used = { znodes: 1, bytes: dataLengthOf(record) };
  for (const name of store.childNames(path)) {
    const below = usageOf(store, `${path}/${name}`);
    used.znodes += below.znodes;
    used.bytes += below.bytes;
  }
  return used;
}
