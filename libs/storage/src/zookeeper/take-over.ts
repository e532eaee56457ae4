import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatZxid, type Zxid } from '@corral/primitives';
import { makeDirectory, syncDirectory, syncFile } from '../file-system.js';
import { LmdbTreeStore } from '../lmdb/lmdb-tree-store.js';
import { TreeBuilder } from '../lmdb/tree-builder.js';
import { type Logger, silentLogger } from '../logger.js';
import { listSegments, type Segment } from '../log/segments.js';
import { addSystemZnodes, recountQuotas } from './complete-tree.js';
import { TakeOverFailedError } from './errors.js';
import { readSnapshot } from './read-snapshot.js';
import { replayLogs } from './replay-logs.js';
import { listSnapshots, type SnapshotFile } from './snapshot-files.js';

/** What is taken over, and where it goes. */
export interface TakeOverOptions {
  /** Apache's `<dataDir>/version-2`. */
  readonly snapshotDirectory: string;
  /** Apache's `<dataLogDir>/version-2`. */
  readonly logDirectory: string;
  /** The tree's file. When there is one, there is nothing to take over. */
  readonly treeFile: string;
  readonly logger?: Logger;
}

/** What was taken over. */
export interface TakenOver {
  readonly snapshotFile: string;
  readonly logFiles: readonly string[];
  readonly transactionCount: number;
  readonly znodeCount: number;
  readonly sessionCount: number;
  readonly lastZxid: Zxid;
}

/**
 * Makes the tree of a member that has none from an Apache ZooKeeper data directory: the newest snapshot that is sound, and the log
 * after it. Apache's files are only read. The tree is built beside its place and moved there when it is complete and durable, so
 * a crash in between changes nothing.
 * @returns nothing when there is a tree already, or nothing of Apache's.
 * @throws TakeOverFailedError, LogDamagedError
 */
export async function takeOverApacheData(options: TakeOverOptions): Promise<TakenOver | undefined> {
  if (existsSync(options.treeFile)) return undefined;
  const snapshots = listSnapshots(options.snapshotDirectory);
  const logs = listSegments(options.logDirectory);
  if (snapshots.length === 0) {
    if (logs.length === 0) return undefined;
    throw new TakeOverFailedError(
      `${options.logDirectory} has ZooKeeper log files, but ${options.snapshotDirectory} has no snapshot that they belong to: ` +
        'set dataDir and dataLogDir as they were for ZooKeeper, or move the log files away to start empty',
    );
  }
  const logger = options.logger ?? silentLogger;
  const problems: string[] = [];
  for (const snapshot of snapshots) {
    try {
      return await buildTree(options, snapshot, logs, logger);
    } catch (error) {
      if (!(error instanceof TakeOverFailedError)) throw error;
      problems.push(error.message);
      logger('warn', 'could not use a snapshot; trying the one before it', {
        file: snapshot.path,
        cause: error.message,
      });
    }
  }
  throw new TakeOverFailedError(`no snapshot in ${options.snapshotDirectory} can be used: ${problems.join('; ')}`);
}

async function buildTree(
  { treeFile }: TakeOverOptions,
  snapshot: SnapshotFile,
  logs: readonly Segment[],
  logger: Logger,
): Promise<TakenOver> {
  const buildFile = `${treeFile}.importing`;
  removeTree(buildFile);
  makeDirectory(dirname(treeFile));
  await buildFromSnapshot(buildFile, snapshot);
  const store = LmdbTreeStore.open({ file: buildFile, logger, mode: 'unsynced' });
  const pause = async (): Promise<void> => {
    if (store.isBehind) await store.flushAll();
  };
  let replayed;
  try {
    addSystemZnodes(store);
    replayed = await replayLogs(store, logs, pause, logger);
    recountQuotas(store);
  } catch (error) {
    await store.abandon();
    removeTree(buildFile);
    throw error;
  }
  const takenOver: TakenOver = {
    snapshotFile: snapshot.path,
    logFiles: replayed.files,
    transactionCount: replayed.transactionCount,
    znodeCount: store.state.znodeCount,
    sessionCount: [...store.sessions()].length,
    lastZxid: store.state.appliedZxid,
  };
  await store.close();
  syncFile(buildFile);
  rmSync(`${buildFile}-lock`, { force: true });
  renameSync(buildFile, treeFile);
  syncDirectory(dirname(treeFile));
  logger('info', 'took over the data of Apache ZooKeeper', { ...takenOver, lastZxid: formatZxid(takenOver.lastZxid) });
  return takenOver;
}

async function buildFromSnapshot(buildFile: string, snapshot: SnapshotFile): Promise<void> {
  const builder = TreeBuilder.open(buildFile);
  try {
    await readSnapshot(snapshot, builder);
    await builder.finish(snapshot.zxid);
  } catch (error) {
    await builder.close();
    removeTree(buildFile);
    throw error;
  }
}

function removeTree(file: string): void {
  rmSync(file, { force: true });
  rmSync(`${file}-lock`, { force: true });
}
