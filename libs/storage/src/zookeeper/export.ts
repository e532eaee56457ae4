import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { type Zxid, ZXID_ZERO } from '@corral/primitives';
import { RecordWriter, writeSnapshotHeader, writeSnapshotSeal } from '@corral/wire';
import { EPOCH_FILES } from '../epochs/epoch-files.js';
import { makeDirectory, namesIn, syncDirectory, syncFile, writeFully } from '../file-system.js';
import { LmdbTreeStore } from '../lmdb/lmdb-tree-store.js';
import type { OutgoingSnapshot } from '../lmdb/outgoing-snapshot.js';
import { adler32 } from '../log/adler32.js';
import { FileTransactionLog } from '../log/file-transaction-log.js';
import { listSegments } from '../log/segments.js';
import { type Logger, silentLogger } from '../logger.js';
import { entriesAfter } from './replay-logs.js';

/** What is exported, and where it goes. */
export interface ExportOptions {
  /** A tree that no server is using. */
  readonly treeFile: string;
  readonly logDirectory: string;
  /** Where the epochs of a member of an ensemble are, if it is one. */
  readonly epochDirectory: string;
  /** The data directory that is made for Apache ZooKeeper: its `version-2` holds no data yet. */
  readonly outDirectory: string;
  readonly logger?: Logger;
}

/** What was exported. */
export interface Exported {
  readonly snapshotFile: string;
  readonly znodeCount: number;
  /** What the snapshot shows. */
  readonly zxid: Zxid;
  /** Transactions in the log behind the snapshot. */
  readonly logCount: number;
}

/**
 * Makes a data directory for Apache ZooKeeper: the tree as a snapshot, what the log has beyond it as a log, and the epochs. Reads only what it
 * exports. The snapshot comes last, under its name when it is whole: without it Apache does not start on the rest.
 * @throws RangeError when there is no tree or no log, or something where it should go.
 */
export async function exportForApache(options: ExportOptions): Promise<Exported> {
  const { treeFile, logDirectory, outDirectory } = options;
  if (!existsSync(treeFile)) throw new RangeError(`there is no tree ${treeFile}`);
  // The tree is behind its log: without that, what was acknowledged last would be missing, and nobody would see it.
  if (!existsSync(logDirectory)) throw new RangeError(`there is no log ${logDirectory}`);
  const directory = join(outDirectory, 'version-2');
  if (namesIn(directory).length > 0) throw new RangeError(`${directory} is not empty: name a directory to be made`);
  makeDirectory(directory);
  const store = LmdbTreeStore.open({ file: treeFile, mode: 'read-only' });
  try {
    const logCount = await exportLog(options, directory, store.state.appliedZxid);
    exportEpochs(options.epochDirectory, directory);
    const snapshot = store.openSnapshot();
    try {
      const snapshotFile = writeSnapshotFile(snapshot, directory);
      return { snapshotFile, znodeCount: store.state.znodeCount, zxid: snapshot.zxid, logCount };
    } finally {
      snapshot.close();
    }
  } finally {
    await store.abandon();
  }
}

async function exportLog(
  { logDirectory, logger = silentLogger }: ExportOptions,
  to: string,
  after: Zxid,
): Promise<number> {
  const log = FileTransactionLog.open({ directory: to, appliedZxid: ZXID_ZERO, logger });
  let count = 0;
  for (const { zxid, bytes } of entriesAfter({ logs: listSegments(logDirectory), logger, files: [] }, after)) {
    log.append(zxid, bytes);
    count += 1;
  }
  await new Promise<void>((resolve, reject) => {
    log.sync((error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
  });
  log.close();
  return count;
}

function exportEpochs(from: string, to: string): void {
  for (const name of EPOCH_FILES) {
    if (!existsSync(join(from, name))) continue;
    copyFileSync(join(from, name), join(to, name));
    syncFile(join(to, name));
  }
}

function writeSnapshotFile(snapshot: OutgoingSnapshot, directory: string): string {
  const path = join(directory, `snapshot.${snapshot.zxid.toString(16)}`);
  const draft = `${path}.draft`;
  const fd = openSync(draft, 'wx', 0o640);
  try {
    let position = 0;
    let checksum = 1;
    const write = (bytes: Buffer): void => {
      checksum = adler32(bytes, 0, bytes.length, checksum);
      writeFully(fd, bytes, bytes.length, position);
      position += bytes.length;
    };
    write(written(writeSnapshotHeader));
    for (const piece of snapshot.pieces('file')) write(piece);
    const sum = checksum;
    write(
      written((writer) => {
        writeSnapshotSeal(writer, sum);
      }),
    );
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, path);
  syncDirectory(directory);
  return path;
}

function written(write: (writer: RecordWriter) => void): Buffer {
  const writer = new RecordWriter(64);
  write(writer);
  return writer.buffer.subarray(0, writer.length);
}
