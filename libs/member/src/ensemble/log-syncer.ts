import type { TransactionLog } from '@corral/zab';
import type { Zxid } from '@corral/primitives';
import type { Metrics } from '../status.js';

/** What a syncer works with. */
export interface LogSyncerPorts {
  readonly log: () => TransactionLog;
  readonly monotonicMs: () => number;
  readonly metrics: Metrics | undefined;
  /** All through this transaction is durable. */
  readonly synced: (through: Zxid) => void;
  readonly failed: (error: Error) => void;
}

/** Makes the log durable: one sync is under way at most, and all that was appended meanwhile shares the next. */
export class LogSyncer {
  readonly #ports: LogSyncerPorts;
  #isSyncing = false;
  #count = 0;
  #sizeBytes = 0;
  #whenIdle: (() => void) | undefined;

  constructor(ports: LogSyncerPorts) {
    this.#ports = ports;
  }

  /** Appends; `sync` makes it last. @throws when the log can take nothing more. */
  append(zxid: Zxid, transaction: Uint8Array): void {
    this.#ports.log().append(zxid, transaction);
    this.#count += 1;
    this.#sizeBytes += transaction.length;
  }

  /** Begins a sync, if there is anything to sync and none is under way. */
  sync(): void {
    if (this.#count === 0 || this.#isSyncing) return;
    const { failed, log, metrics, monotonicMs, synced } = this.#ports;
    const through = log().lastZxid;
    const count = this.#count;
    const sizeBytes = this.#sizeBytes;
    const startedAtMs = monotonicMs();
    this.forget();
    this.#isSyncing = true;
    log().sync((error) => {
      this.#isSyncing = false;
      const whenIdle = this.#whenIdle;
      this.#whenIdle = undefined;
      if (error !== undefined) {
        failed(error);
      } else {
        metrics?.logSynced(monotonicMs() - startedAtMs, count, sizeBytes);
        if (whenIdle === undefined) synced(through);
      }
      whenIdle?.();
    });
  }

  /** Runs it now, or when the sync under way has ended; that one is then not reported. */
  whenIdle(run: () => void): void {
    if (this.#isSyncing) this.#whenIdle = run;
    else run();
  }

  /** What was appended is gone, or will be synced by other means. */
  forget(): void {
    this.#count = 0;
    this.#sizeBytes = 0;
  }
}
