/** Where a member keeps its files, inside directories that may be Apache ZooKeeper's own. */
import { join } from 'node:path';
import type { CoordinatorConfig } from '../configuration/coordinator-config.js';

/** Paths below the configured directories. Apache's `version-2` lies beside them and is only read. */
export interface StorageLayout {
  /** Ours in the data directory: lock, secret, tree. */
  readonly homeDirectory: string;
  readonly treeFile: string;
  readonly logDirectory: string;
  /** Apache ZooKeeper's snapshots and logs, when it worked here before. */
  readonly apacheSnapshotDirectory: string;
  readonly apacheLogDirectory: string;
}

/** The layout for a configuration. */
export function storageLayoutOf(config: Pick<CoordinatorConfig, 'dataDirectory' | 'logDirectory'>): StorageLayout {
  const homeDirectory = join(config.dataDirectory, 'corral');
  return {
    homeDirectory,
    treeFile: join(homeDirectory, 'tree.lmdb'),
    logDirectory: join(config.logDirectory, 'corral', 'log'),
    apacheSnapshotDirectory: join(config.dataDirectory, 'version-2'),
    apacheLogDirectory: join(config.logDirectory, 'version-2'),
  };
}
