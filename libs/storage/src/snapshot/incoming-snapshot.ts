import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Zxid } from '@corral/primitives';
import { readSnapshotSignature, RecordStream, SNAPSHOT_SIGNATURE, SnapshotDecoder } from '@corral/wire';
import { namesIn, syncDirectory, syncFile } from '../file-system.js';
import { LmdbTreeStore } from '../lmdb/lmdb-tree-store.js';
import type { Logger } from '../logger.js';
import { addSystemZnodes } from '../zookeeper/complete-tree.js';
import { SnapshotLoader } from '../zookeeper/snapshot-loader.js';

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
  readonly #store: LmdbTreeStore;
  readonly #loader: SnapshotLoader;
  readonly #decoder: SnapshotDecoder;
  readonly #signature = new RecordStream(SIGNATURE_BYTES_MAX);
  #onWritable: (() => void) | undefined;

  /** `onWritable` is called when more can be taken after `isBehind`. */
  constructor(treeFile: string, logger: Logger) {
    this.#treeFile = treeFile;
    removeTree(this.#file);
    this.#store = LmdbTreeStore.open({
      file: this.#file,
      logger,
      mode: 'unsynced',
      onFlushed: () => {
        if (!this.#store.isBehind) this.#onWritable?.();
      },
      onFailed: () => {
        this.#onWritable?.();
      },
    });
    this.#loader = new SnapshotLoader(this.#store);
    this.#decoder = new SnapshotDecoder('stream', this.#loader, { maxRecordBytes: RECORD_BYTES_MAX });
  }

  get #file(): string {
    return `${this.#treeFile}.incoming`;
  }

  /** Bytes taken so far. */
  get sizeBytes(): number {
    return this.#decoder.position;
  }

  get znodeCount(): number {
    return this.#store.state.znodeCount;
  }

  /** Whether the disk should catch up before more is pushed; `onWritable` then tells when. */
  get isBehind(): boolean {
    return this.#store.isBehind;
  }

  set onWritable(tell: () => void) {
    this.#onWritable = tell;
  }

  /**
   * Takes the next bytes; answers, at the end of the snapshot, with those behind it.
   * @throws MalformedRecordError, TakeOverFailedError or SnapshotSignatureError when they are no snapshot.
   */
  push(chunk: Buffer): Buffer | undefined {
    if (this.#store.failure !== undefined) throw this.#store.failure;
    if (!this.#decoder.done) {
      this.#decoder.push(chunk);
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
    this.#loader.finish();
    addSystemZnodes(this.#store);
    this.#store.state.appliedZxid = zxid;
    await this.#store.close();
    syncFile(this.#file);
    rmSync(`${this.#file}-lock`, { force: true });
    renameSync(this.#file, readyFileOf(this.#treeFile));
    syncDirectory(dirname(this.#treeFile));
  }

  /** Drops what has arrived. */
  async abandon(): Promise<void> {
    this.#onWritable = undefined;
    await this.#store.abandon();
    removeTree(this.#file);
  }
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
