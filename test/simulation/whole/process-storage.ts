import { assert, type Zxid } from '@corral/primitives';
import type { IncomingTree, OutgoingTree, ReplicaStorage } from '@corral/member';
import type { LogEntry, TransactionLog } from '@corral/zab';
import { Eventually } from './eventually.js';
import type { Process } from './process.js';
import type { SimulatedTreeStore } from './simulated-tree-store.js';
import { IncomingMemoryTree, OutgoingMemoryTree } from './snapshot-stream.js';
import type { WholeDisk } from './whole-disk.js';

/** What the storage of a process works with. */
export interface ProcessStoragePorts {
  readonly disk: WholeDisk;
  readonly process: Process;
  /** How long the disk takes for a sync. */
  readonly diskDelayMs: () => number;
  readonly appended: (zxid: Zxid, bytes: Uint8Array) => void;
  readonly applied: (zxid: Zxid) => void;
  readonly flushed: (durationMs: number) => void;
  readonly installed: () => void;
}

/** What a process does with the disk under it, at the disk's pace. */
export class ProcessStorage implements ReplicaStorage {
  readonly log: TransactionLog;
  readonly #ports: ProcessStoragePorts;

  constructor(ports: ProcessStoragePorts) {
    this.#ports = ports;
    this.log = new PacedLog(ports);
    this.#hookStore();
  }

  #hookStore(): void {
    const { applied, disk, flushed } = this.#ports;
    const { store } = disk;
    store.hooks = {
      applied,
      flushing: () => {
        const durationMs = this.#ports.diskDelayMs() * 4;
        this.#ports.process.later(durationMs, () => {
          if (disk.store !== store) return;
          store.completeFlush();
          flushed(durationMs);
        });
      },
    };
  }

  get store(): SimulatedTreeStore {
    return this.#ports.disk.store;
  }

  get acceptedEpoch(): number {
    return this.#ports.disk.epochs.acceptedEpoch;
  }

  get currentEpoch(): number {
    return this.#ports.disk.epochs.currentEpoch;
  }

  storeEpochs(acceptedEpoch: number, currentEpoch: number): void {
    const { epochs } = this.#ports.disk;
    epochs.store({ acceptedEpoch, currentEpoch });
    epochs.completeStore();
  }

  openSnapshot(): OutgoingTree {
    return new OutgoingMemoryTree(this.store.flushedCopy());
  }

  receiveSnapshot(): IncomingTree {
    const { disk, diskDelayMs, process } = this.#ports;
    return new IncomingMemoryTree(disk.newStore(), (store, zxid) => {
      const completed = new Eventually<void>();
      process.later(diskDelayMs() * 2, () => {
        store.completeAs(zxid);
        disk.ready = store;
        completed.resolve();
      });
      return completed;
    });
  }

  install(): PromiseLike<void> {
    const { disk, diskDelayMs, installed, process } = this.#ports;
    const done = new Eventually<void>();
    process.later(diskDelayMs(), () => {
      assert(!disk.log.isSyncing, 'no log is replaced while it syncs');
      disk.install();
      this.#hookStore();
      installed();
      done.resolve();
    });
    return done;
  }
}

/** The log of a disk, whose syncs take as long as the disk takes. */
class PacedLog implements TransactionLog {
  readonly #ports: ProcessStoragePorts;

  constructor(ports: ProcessStoragePorts) {
    this.#ports = ports;
  }

  get lastZxid(): Zxid {
    return this.#ports.disk.log.lastZxid;
  }

  append(zxid: Zxid, bytes: Uint8Array): void {
    this.#ports.disk.log.append(zxid, bytes);
    this.#ports.appended(zxid, bytes);
  }

  sync(done: (error: Error | undefined) => void): void {
    const { disk, diskDelayMs, process } = this.#ports;
    disk.log.sync(done);
    process.later(diskDelayMs(), () => {
      disk.log.completeSync();
    });
  }

  read(after: Zxid): Iterable<LogEntry> {
    return this.#ports.disk.log.read(after);
  }

  truncate(zxid: Zxid): void {
    this.#ports.disk.log.truncate(zxid);
  }

  purge(through: Zxid): void {
    this.#ports.disk.log.purge(through);
  }
}
