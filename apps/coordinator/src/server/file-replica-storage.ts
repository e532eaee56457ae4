import type { IncomingTree, OutgoingTree, ReplicaStorage } from '@corral/member';
import { EpochFiles, FileTransactionLog, IncomingSnapshot, installReadyTree, LmdbTreeStore } from '@corral/storage';
import type { Logger } from '../logging/line-logger.js';
import type { StorageLayout } from './storage-layout.js';

/** More than a member alone keeps: whoever was away for a while gets the rest of the log and not the whole tree. */
const LOG_SEGMENTS_KEPT = 8;

/** What storage works with. */
export interface FileReplicaStorageOptions {
  readonly layout: StorageLayout;
  readonly logger: Logger;
  readonly onFlushed: (durationMs: number, records: number) => void;
  readonly onFailed: (error: Error) => void;
}

/** Tree, log and epochs of a member of an ensemble, in files. */
export class FileReplicaStorage implements ReplicaStorage {
  readonly #options: FileReplicaStorageOptions;
  readonly #epochs: EpochFiles;
  #store: LmdbTreeStore;
  #log: FileTransactionLog;

  private constructor(options: FileReplicaStorageOptions, store: LmdbTreeStore, log: FileTransactionLog) {
    const { layout } = options;
    this.#options = options;
    this.#store = store;
    this.#log = log;
    const lastZxid = log.lastZxid > store.state.appliedZxid ? log.lastZxid : store.state.appliedZxid;
    this.#epochs = EpochFiles.open({ directory: layout.apacheSnapshotDirectory, lastZxid });
  }

  /** Opens what is there, a leader's tree that was complete when the last process ended among it. */
  static open(options: FileReplicaStorageOptions): FileReplicaStorage {
    const { layout, logger } = options;
    if (installReadyTree(layout.treeFile, layout.logDirectory))
      logger('info', 'took up the tree that the leader had sent');
    const store = openStore(options);
    return new FileReplicaStorage(options, store, openLog(options, store));
  }

  get store(): LmdbTreeStore {
    return this.#store;
  }

  get log(): FileTransactionLog {
    return this.#log;
  }

  get acceptedEpoch(): number {
    return this.#epochs.acceptedEpoch;
  }

  get currentEpoch(): number {
    return this.#epochs.currentEpoch;
  }

  storeEpochs(acceptedEpoch: number, currentEpoch: number): void {
    if (acceptedEpoch !== this.#epochs.acceptedEpoch) this.#epochs.storeAcceptedEpoch(acceptedEpoch);
    if (currentEpoch !== this.#epochs.currentEpoch) this.#epochs.storeCurrentEpoch(currentEpoch);
  }

  openSnapshot(): OutgoingTree {
    return this.#store.openSnapshot();
  }

  receiveSnapshot(): IncomingTree {
    return new IncomingSnapshot(this.#options.layout.treeFile, this.#options.logger);
  }

  async install(): Promise<void> {
    const { layout } = this.#options;
    this.#log.close();
    await this.#store.abandon();
    installReadyTree(layout.treeFile, layout.logDirectory);
    this.#store = openStore(this.#options);
    this.#log = openLog(this.#options, this.#store);
  }

  /** Makes the tree durable and closes both. */
  async close(): Promise<void> {
    this.#log.close();
    await this.#store.close();
  }
}

function openStore({ layout, logger, onFlushed, onFailed }: FileReplicaStorageOptions): LmdbTreeStore {
  return LmdbTreeStore.open({ file: layout.treeFile, logger, onFlushed, onFailed });
}

function openLog({ layout, logger }: FileReplicaStorageOptions, store: LmdbTreeStore): FileTransactionLog {
  return FileTransactionLog.open({
    directory: layout.logDirectory,
    appliedZxid: store.flushedZxid,
    logger,
    segmentsKept: LOG_SEGMENTS_KEPT,
  });
}
