import { assert, type Zxid } from '@corral/primitives';
import type { LogEntry, TransactionLog } from '@corral/zab';

/** What a test makes go wrong. */
export class InjectedFaultError extends Error {
  override readonly name = 'InjectedFaultError';
}

type Done = (error: Error | undefined) => void;

/**
 * The transaction log in memory, with a disk that fails on demand. A sync ends when `completeSync` is called, so that a simulator
 * decides when; with `syncsAtOnce` it ends before `sync` returns.
 */
export class MemoryTransactionLog implements TransactionLog {
  readonly #syncsAtOnce: boolean;
  #entries: LogEntry[] = [];
  /** How many entries, from the oldest kept one, a crash cannot take. */
  #durableCount = 0;
  #syncUnderWay: { readonly count: number; readonly done: Done } | undefined;
  #nextSyncFault: Error | undefined;
  #failure: Error | undefined;

  constructor(options: { readonly syncsAtOnce?: boolean } = {}) {
    this.#syncsAtOnce = options.syncsAtOnce ?? false;
  }

  get lastZxid(): Zxid {
    return this.#entries.at(-1)?.zxid ?? (0 as Zxid);
  }

  /** The newest entry that a crash cannot take. */
  get durableZxid(): Zxid {
    return this.#entries[this.#durableCount - 1]?.zxid ?? (0 as Zxid);
  }

  /** Whether a sync waits for `completeSync`. */
  get isSyncing(): boolean {
    return this.#syncUnderWay !== undefined;
  }

  append(zxid: Zxid, bytes: Uint8Array): void {
    if (this.#failure !== undefined) throw this.#failure;
    assert(zxid > this.lastZxid, 'zxids in the log only go up');
    this.#entries.push({ zxid, bytes: new Uint8Array(bytes) });
  }

  sync(done: Done): void {
    assert(this.#syncUnderWay === undefined, 'the log syncs one batch at a time');
    this.#syncUnderWay = { count: this.#entries.length, done };
    if (this.#syncsAtOnce) this.completeSync();
  }

  /** Ends the sync under way: with success, or with the fault that `failNextSync` has planted. */
  completeSync(): void {
    const sync = this.#syncUnderWay;
    assert(sync !== undefined, 'a sync is under way');
    this.#syncUnderWay = undefined;
    this.#failure ??= this.#nextSyncFault;
    if (this.#failure === undefined) this.#durableCount = sync.count;
    sync.done(this.#failure);
  }

  *read(after: Zxid): Iterable<LogEntry> {
    yield* this.#entries.slice(this.#indexAfter(after));
  }

  #indexAfter(zxid: Zxid): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#entries[middle]!.zxid > zxid) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  truncate(zxid: Zxid): void {
    if (this.#failure !== undefined) throw this.#failure;
    assert(this.#syncUnderWay === undefined, 'the log is not truncated while it syncs');
    this.#entries = this.#entries.filter((entry) => entry.zxid <= zxid);
    this.#durableCount = this.#entries.length;
  }

  /** Drops everything, for good: the tree holds it now. */
  clear(): void {
    this.#entries = [];
    this.#durableCount = 0;
    this.#syncUnderWay = undefined;
  }

  purge(through: Zxid): void {
    const last = this.#entries.at(-1);
    // As with files: the newest part stays, however old it is.
    const gone = this.#entries.filter((entry) => entry.zxid <= through && entry !== last).length;
    this.#entries = this.#entries.slice(gone);
    this.#durableCount = Math.max(this.#durableCount - gone, 0);
    if (this.#syncUnderWay !== undefined) {
      this.#syncUnderWay = { ...this.#syncUnderWay, count: this.#syncUnderWay.count - gone };
    }
  }

  /** Plants a fault: the next sync to end fails, and the log with it, until a crash. */
  failNextSync(fault: Error = new InjectedFaultError('the sync failed')): void {
    this.#nextSyncFault = fault;
  }

  /**
   * The process dies and the log is opened again. Of the entries that were not synced, the first `survivors` are found again: a disk
   * may have taken them without having said so. A record that was torn is cut by recovery, so it is one that did not survive.
   */
  crash(survivors = 0): void {
    const unsynced = this.#entries.length - this.#durableCount;
    this.#entries.length = this.#durableCount + Math.min(survivors, unsynced);
    this.#durableCount = this.#entries.length;
    this.#syncUnderWay = undefined;
    this.#nextSyncFault = undefined;
    this.#failure = undefined;
  }
}
