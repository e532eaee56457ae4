import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Zxid } from '@corral/primitives';
import { readSnapshotSignature, RecordStream, SNAPSHOT_SIGNATURE, SnapshotDecoder } from '@corral/wire';
import { namesIn, syncDirectory, syncFileAside } from '../file-system.js';
import { LmdbTreeStore } from '../lmdb/lmdb-tree-store.js';
import { TreeBuilder } from '../lmdb/tree-builder.js';
import type { Logger } from '../logger.js';
import { addSystemZnodes } from '../zookeeper/complete-tree.js';

/** No record of a snapshot is larger: `jute.maxbuffer` bounds them, and nobody sets it so high. */
const RECORD_BYTES_MAX = 256 * 1024 * 1024;

const SIGNATURE_BYTES_MAX = 64;

/** A tree that is complete and durable, and waits to take the place of the old one together with the log that goes with that. */
const readyFileOf = (treeFile: string): string => `${treeFile}.ready`;

/** A leader's snapshot ends in something else than it should. */
export class SnapshotSignatureError extends Error {
  override readonly name = 'SnapshotSignatureError';
}

/**
 * Takes a leader's snapshot into a fresh tree beside the member's own. The old one stays valid, with its log, until the new one is
 * complete and on disk.
 */
export class IncomingSnapshot {
  readonly #treeFile: string;
  readonly #logger: Logger;
  readonly #builder: TreeBuilder;
  readonly #decoder: SnapshotDecoder;
  readonly #signature = new RecordStream(SIGNATURE_BYTES_MAX);

  constructor(treeFile: string, logger: Logger) {
    this.#treeFile = treeFile;
    this.#logger = logger;
    removeTree(this.#file);
    this.#builder = TreeBuilder.open(this.#file);
    this.#decoder = new SnapshotDecoder('stream', this.#builder, { maxRecordBytes: RECORD_BYTES_MAX });
  }

  get #file(): string {
    return `${this.#treeFile}.incoming`;
  }

  /** Bytes taken so far. */
  get sizeBytes(): number {
    return this.#decoder.position;
  }

  get znodeCount(): number {
    return this.#builder.znodeCount;
  }

  /**
   * Takes the next bytes; answers, at the end of the snapshot, with those behind it. They are in the file, though not for good, when it
   * returns, so a slow disk slows down whoever brings them.
   * @throws MalformedRecordError, SnapshotIncompleteError or SnapshotSignatureError when they are no snapshot, TreeStoreFailedError when they cannot
   * be written.
   */
  push(chunk: Buffer): Buffer | undefined {
    if (!this.#decoder.done) {
      this.#builder.write(() => {
        this.#decoder.push(chunk);
      });
      if (!this.#decoder.done) return undefined;
      this.#signature.push(this.#decoder.takeRest());
    } else {
      this.#signature.push(chunk);
    }
    const signature = this.#signature.read(readSnapshotSignature);
    if (signature === undefined) return undefined;
    if (signature !== SNAPSHOT_SIGNATURE) {
      throw new SnapshotSignatureError(
        `a snapshot ends in ${JSON.stringify(signature)}; it should in ${SNAPSHOT_SIGNATURE}`,
      );
    }
    return this.#signature.takeRest();
  }

  /** Makes the tree durable as of `zxid`. From here on a start takes it up, whatever happens to this process. */
  async complete(zxid: Zxid): Promise<void> {
    await this.#builder.finish(zxid);
    await addMissingZnodes(this.#file, this.#logger);
    await syncFileAside(this.#file);
    rmSync(`${this.#file}-lock`, { force: true });
    renameSync(this.#file, readyFileOf(this.#treeFile));
    syncDirectory(dirname(this.#treeFile));
  }

  /** Drops what has arrived. */
  async abandon(): Promise<void> {
    await this.#builder.close();
    removeTree(this.#file);
  }
}

/** An old version of ZooKeeper may have led. */
async function addMissingZnodes(file: string, logger: Logger): Promise<void> {
  const store = LmdbTreeStore.open({ file, logger, mode: 'unsynced' });
  addSystemZnodes(store);
  await store.close();
}

/**
 * Puts a completed tree in the place of the old one, which must be closed. The log that goes with the old one goes first: it may hold
 * transactions that the leader's history does not have. Called at every start, so that a crash in between is made good.
 * @returns whether there was one.
 */
export function installReadyTree(treeFile: string, logDirectory: string): boolean {
  removeTree(`${treeFile}.incoming`);
  const ready = readyFileOf(treeFile);
  if (!existsSync(ready)) return false;
  for (const name of namesIn(logDirectory)) rmSync(`${logDirectory}/${name}`, { force: true });
  syncDirectory(logDirectory);
  rmSync(`${treeFile}-lock`, { force: true });
  renameSync(ready, treeFile);
  syncDirectory(dirname(treeFile));
  return true;
}

function removeTree(file: string): void {
  rmSync(file, { force: true });
  rmSync(`${file}-lock`, { force: true });
}
