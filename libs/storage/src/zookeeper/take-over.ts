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
import { type ReplayedLogs, replayLogs } from './replay-logs.js';
import { listSnapshots, type SnapshotFile } from './snapshot-files.js';
import { TailLog, unmarkTail } from './tail-log.js';

/** What is taken over, and where it goes. */
export interface TakeOverOptions {
  /** Apache's `<dataDir>/version-2`. */
  readonly snapshotDirectory: string;
  /** Apache's `<dataLogDir>/version-2`. */
  readonly logDirectory: string;
  /** The tree's file. When there is one, there is nothing to take over. */
  readonly treeFile: string;
  /**
   * Given for a member of an ensemble, whose log may hold what no quorum has: where its own log shall be. What may not be committed goes there, and
   * the leader tells what of it stays. A member that stands alone has committed whatever it has logged.
   */
  readonly tailDirectory?: string | undefined;
  readonly logger?: Logger;
}

/** What was taken over. */
export interface TakenOver {
  readonly snapshotFile: string;
  readonly logFiles: readonly string[];
  readonly transactionCount: number;
  /** Transactions that are in the log and not in the tree. */
  readonly tailCount: number;
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
  if (existsSync(options.treeFile)) {
    // A crash may have come between the tree and the end of the take-over.
    if (options.tailDirectory !== undefined) unmarkTail(options.tailDirectory);
    return undefined;
  }
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
  { treeFile, tailDirectory }: TakeOverOptions,
  snapshot: SnapshotFile,
  logs: readonly Segment[],
  logger: Logger,
): Promise<TakenOver> {
  const buildFile = `${treeFile}.importing`;
  removeTree(buildFile);
  makeDirectory(dirname(treeFile));
  const end = await buildFromSnapshot(buildFile, snapshot);
  if (tailDirectory !== undefined && end === undefined) {
    logger('warn', 'all that ZooKeeper has logged is taken for committed: its snapshot does not say how far it goes', {
      file: snapshot.path,
    });
  }
  const tail = tailDirectory === undefined || end === undefined ? undefined : new TailLog(tailDirectory, logger);
  const store = LmdbTreeStore.open({ file: buildFile, logger, mode: 'unsynced' });
  let takenOver: TakenOver;
  try {
    addSystemZnodes(store);
    const replayed = await replayLogs({
      store,
      logs,
      ...(tail === undefined ? {} : { through: end!, tail: (zxid, bytes) => tail.append(zxid, bytes) }),
      pause: async () => {
        if (store.isBehind) await store.flushAll();
        await tail?.keepUp();
      },
      logger,
    });
    if (tail !== undefined) checkReached(store, snapshot, end!);
    recountQuotas(store);
    takenOver = takenOverOf(store, snapshot, replayed);
    await tail?.finish();
  } catch (error) {
    tail?.close();
    await store.abandon();
    removeTree(buildFile);
    throw error;
  }
  await store.close();
  syncFile(buildFile);
  rmSync(`${buildFile}-lock`, { force: true });
  renameSync(buildFile, treeFile);
  syncDirectory(dirname(treeFile));
  if (tail !== undefined) unmarkTail(tailDirectory!);
  logger('info', 'took over the data of Apache ZooKeeper', { ...takenOver, lastZxid: formatZxid(takenOver.lastZxid) });
  return takenOver;
}

/**
 * Builds a tree from a snapshot alone. Answers with the last transaction of which it may show parts, when that is known: whoever wrote the snapshot
 * went on with its work meanwhile. Everything up to that one was committed, because Apache applies nothing else.
 */
async function buildFromSnapshot(buildFile: string, snapshot: SnapshotFile): Promise<Zxid | undefined> {
  const builder = TreeBuilder.open(buildFile);
  try {
    const appliedZxid = await readSnapshot(snapshot, builder);
    await builder.finish(snapshot.zxid);
    if (appliedZxid === undefined) return undefined;
    // The transaction that was being applied at the end is not counted as applied, and may show.
    return Math.max(snapshot.zxid, appliedZxid, builder.newestZxid) as Zxid;
  } catch (error) {
    await builder.close();
    removeTree(buildFile);
    throw error;
  }
}

/** Parts of transactions that the log does not have make no tree of any moment. */
function checkReached({ state }: LmdbTreeStore, snapshot: SnapshotFile, end: Zxid): void {
  if (state.appliedZxid >= end) return;
  throw new TakeOverFailedError(
    `${snapshot.path} shows what was done up to ${formatZxid(end)}, but the log ends at ${formatZxid(state.appliedZxid)}`,
  );
}

function takenOverOf(store: LmdbTreeStore, snapshot: SnapshotFile, replayed: ReplayedLogs): TakenOver {
  return {
    snapshotFile: snapshot.path,
    logFiles: replayed.files,
    transactionCount: replayed.transactionCount,
    tailCount: replayed.tailCount,
    znodeCount: store.state.znodeCount,
    sessionCount: [...store.sessions()].length,
    lastZxid: store.state.appliedZxid,
  };
}

function removeTree(file: string): void {
  rmSync(file, { force: true });
  rmSync(`${file}-lock`, { force: true });
}
