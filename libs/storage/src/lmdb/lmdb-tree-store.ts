import { assert, type SessionId, sessionIdOf, type Zxid } from '@corral/primitives';
import type { TreeState, TreeStore, ZnodeRecord } from '@corral/znode';
import { type Logger, silentLogger } from '../logger.js';
import { Changes } from './changes.js';
import { type Environment, openEnvironment, type OpenMode, readState } from './environment.js';
import { TreeStoreFailedError } from './errors.js';
import { longValueHeadBytes, writeChanges } from './flush.js';
import { unpackRecord } from './packed-record.js';
import { readChildren } from './read-children.js';
import { RecordCache } from './record-cache.js';
import { isLongChild, isLongPath, pathOfKey } from './tree-key.js';
import { ValueSlab } from './value-slab.js';
import { OutgoingSnapshot } from './outgoing-snapshot.js';

/** How a tree store is opened. */
export interface LmdbTreeStoreOptions {
  /** The LMDB file; made when it is missing. */
  readonly file: string;
  readonly logger?: Logger;
  /** What for; a member's work unless told. */
  readonly mode?: OpenMode;
  /** Memory for recently used records. */
  readonly cacheBytesMax?: number;
  /** A flush begins when so many records have changed... */
  readonly dirtyRecordsMax?: number;
  /** ...or when those that have changed take so much memory. */
  readonly dirtyBytesMax?: number;
  /** ...or when so many transactions are in memory only: a restart after a crash has to replay them. */
  readonly unflushedTransactionsMax?: number;
  /** Called whenever more has become durable; the log needs nothing up to `flushedZxid` any more. */
  readonly onFlushed?: (durationMs: number, records: number) => void;
  /** Called once when a flush has failed. Reads go on; the owner must take no more writes. */
  readonly onFailed?: (error: TreeStoreFailedError) => void;
  /** For tests: a disk that fails. */
  readonly writeChanges?: typeof writeChanges;
}

/** Below every key. LMDB's default leaves out those that begin with a small byte. */
const FIRST_KEY = Buffer.from([0]);

const CACHE_BYTES_MAX = 24 * 1024 * 1024;
const DIRTY_RECORDS_MAX = 8_192;
const DIRTY_BYTES_MAX = 4 * 1024 * 1024;
/** Under load these are a tenth of a second's, and are replayed in about 60 ms. */
const UNFLUSHED_TRANSACTIONS_MAX = 49_152;
/**
 * With so many times the bound changed while a flush is under way, the disk does not keep up. All of it is handed over in one
 * piece, 0.7 microseconds a record, so this also bounds the longest pause of the loop.
 */
const BEHIND_FACTOR = 3;

/**
 * The tree in LMDB behind a write-back cache. Writes change memory only; a flush hands all of them to LMDB's own thread as one
 * transaction, together with the zxid they add up to, so that the file always shows exactly some prefix of the log.
 */
export class LmdbTreeStore implements TreeStore {
  readonly state: TreeState;
  readonly #environment: Environment;
  readonly #options: LmdbTreeStoreOptions;
  readonly #logger: Logger;
  readonly #dirtyRecordsMax: number;
  readonly #dirtyBytesMax: number;
  readonly #unflushedTransactionsMax: number;
  readonly #cache: RecordCache;
  readonly #slab = new ValueSlab();
  #changes = new Changes();
  /** What the flush under way writes; after a failed one, what will stay in memory. */
  #flushing: Changes | undefined;
  #flushUnderWay: Promise<void> | undefined;
  #flushedZxid: Zxid;
  #longPathCount: number;
  #failure: TreeStoreFailedError | undefined;

  private constructor(options: LmdbTreeStoreOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.#dirtyRecordsMax = options.dirtyRecordsMax ?? DIRTY_RECORDS_MAX;
    this.#dirtyBytesMax = options.dirtyBytesMax ?? DIRTY_BYTES_MAX;
    this.#unflushedTransactionsMax = options.unflushedTransactionsMax ?? UNFLUSHED_TRANSACTIONS_MAX;
    this.#cache = new RecordCache(options.cacheBytesMax ?? CACHE_BYTES_MAX);
    this.#environment = openEnvironment(options.file, options.mode);
    const { appliedZxid, znodeCount, dataSizeBytes, longPathCount } = readState(this.#environment);
    this.state = { appliedZxid: appliedZxid as Zxid, znodeCount, dataSizeBytes };
    this.#flushedZxid = appliedZxid as Zxid;
    this.#longPathCount = longPathCount;
  }

  /**
   * Opens or creates the tree in a file; takes milliseconds whatever its size.
   * @throws TreeStoreFormatError when a newer Corral wrote it.
   */
  static open(options: LmdbTreeStoreOptions): LmdbTreeStore {
    return new LmdbTreeStore(options);
  }

  /** The newest transaction that survives a power cut without the log. */
  get flushedZxid(): Zxid {
    return this.#flushedZxid;
  }

  /** Why nothing is written to the file any more, when nothing is. */
  get failure(): TreeStoreFailedError | undefined {
    return this.#failure;
  }

  /** Whether changes arrive faster than the disk takes them: the owner should hold back writes until a flush has ended. */
  get isBehind(): boolean {
    return this.#flushing !== undefined && this.#overBound(BEHIND_FACTOR);
  }

  /** Changed records that wait for a flush. */
  get dirtyRecords(): number {
    return this.#changes.records.size;
  }

  get(path: string): ZnodeRecord | undefined {
    const cached = this.#cache.get(path);
    if (cached !== undefined) return cached;
    let record = this.#changes.records.get(path);
    if (record === undefined) record = this.#flushing?.records.get(path);
    if (record === undefined) record = this.#load(path);
    if (record === undefined || record === null) return undefined;
    this.#cache.add(path, record);
    return record;
  }

  put(path: string, record: ZnodeRecord): void {
    this.#cache.replace(path, record);
    this.#changes.set(path, record);
  }

  remove(path: string): void {
    this.#cache.delete(path);
    this.#changes.set(path, null);
  }

  linkChild(parent: string, name: string): void {
    this.#changes.link(parent, name, true);
    if (isLongChild(parent, name)) this.#longPathCount++;
  }

  unlinkChild(parent: string, name: string): void {
    this.#changes.link(parent, name, false);
    if (isLongChild(parent, name)) this.#longPathCount--;
  }

  childNames(parent: string): string[] {
    const newer = this.#changes.links.get(parent)?.latest();
    const older = this.#flushing?.links.get(parent)?.latest();
    const names: string[] = [];
    for (const name of readChildren(this.#environment, parent, this.#longPathCount > 0)) {
      if (newer?.has(name) !== true && older?.has(name) !== true) names.push(name);
    }
    if (older !== undefined) {
      for (const [name, present] of older) if (present && newer?.has(name) !== true) names.push(name);
    }
    if (newer !== undefined) {
      for (const [name, present] of newer) if (present) names.push(name);
    }
    return names;
  }

  putSession(id: SessionId, timeoutMs: number): void {
    this.#changes.sessions.set(id, timeoutMs);
  }

  removeSession(id: SessionId): void {
    this.#changes.sessions.set(id, null);
  }

  *sessions(): Iterable<readonly [SessionId, number]> {
    const stored = new Map<SessionId, number | null>();
    for (const { key, value } of this.#environment.sessions.getRange({ start: FIRST_KEY })) {
      stored.set(sessionIdOf((key as unknown as Buffer).readBigInt64BE(0)), (value as Buffer).readInt32BE(0));
    }
    yield* this.#merged(stored, 'sessions');
  }

  putOwned(path: string, owner: SessionId): void {
    this.#changes.owned.set(path, owner);
  }

  removeOwned(path: string): void {
    this.#changes.owned.set(path, null);
  }

  *owned(): Iterable<readonly [string, SessionId]> {
    const stored = new Map<string, SessionId | null>();
    for (const { key, value } of this.#environment.owned.getRange({ start: FIRST_KEY })) {
      const bytes = value as Buffer;
      stored.set(
        pathOfKey(key as unknown as Buffer) ?? bytes.toString('utf8', 8),
        sessionIdOf(bytes.readBigInt64BE(0)),
      );
    }
    yield* this.#merged(stored, 'owned');
  }

  transactionApplied(): void {
    this.#changes.transactions++;
    this.#flushWhenDue();
  }

  #flushWhenDue(): void {
    // After a failure #flushing stays set, so that this never throws.
    if (this.#flushing !== undefined) return;
    if (this.#overBound(1) || this.#changes.transactions >= this.#unflushedTransactionsMax) this.flush();
  }

  /**
   * Begins to make all writes so far durable, unless a flush is under way or there is nothing to do. Between transactions only.
   * Call it every second or so: it bounds what a restart has to replay.
   * @throws TreeStoreFailedError when an earlier flush has failed.
   */
  flush(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#flushing !== undefined) return;
    if (!this.#hasUnflushed()) return;
    const changes = this.#changes;
    this.#changes = new Changes();
    this.#flushing = changes;
    this.#flushUnderWay = this.#write(changes);
  }

  /** Makes everything durable. @throws TreeStoreFailedError when that cannot be done. */
  async flushAll(): Promise<void> {
    do {
      this.flush();
      await this.#flushUnderWay;
    } while (this.#failure !== undefined || this.#flushing !== undefined || this.#hasUnflushed());
  }

  /** The tree as of the last flush, for a learner. The caller closes it. */
  openSnapshot(): OutgoingSnapshot {
    return new OutgoingSnapshot(this.#environment);
  }

  /** Makes everything durable and closes the file. @throws TreeStoreFailedError when that cannot be done. */
  async close(): Promise<void> {
    // After a failure LMDB's own close would wait for ever for the sync that failed; the end of the process closes the file.
    await this.flushAll();
    await this.#environment.root.close();
  }

  /** Closes the file without another flush; one that is under way ends first. For tests: a start after it is one after a crash. */
  async abandon(): Promise<void> {
    this.#failure ??= new TreeStoreFailedError(this.#environment.file, new Error('the store was abandoned'));
    await this.#flushUnderWay;
    await this.#environment.root.close();
  }

  async #write(changes: Changes): Promise<void> {
    const state = { ...this.state, longPathCount: this.#longPathCount };
    const startedAtMs = performance.now();
    try {
      await (this.#options.writeChanges ?? writeChanges)(this.#environment, changes, state, this.#slab);
    } catch (error) {
      this.#failure = new TreeStoreFailedError(this.#environment.file, error);
      this.#logger('error', this.#failure.message, { file: this.#environment.file });
      this.#flushUnderWay = undefined;
      this.#options.onFailed?.(this.#failure);
      return;
    }
    this.#flushing = undefined;
    this.#flushUnderWay = undefined;
    this.#slab.shrink();
    this.#flushedZxid = state.appliedZxid;
    this.#options.onFlushed?.(performance.now() - startedAtMs, changes.records.size);
    this.#flushWhenDue();
  }

  #hasUnflushed(): boolean {
    return !this.#changes.isEmpty || this.state.appliedZxid !== this.#flushedZxid;
  }

  #overBound(times: number): boolean {
    const { records, recordBytes } = this.#changes;
    return records.size >= this.#dirtyRecordsMax * times || recordBytes >= this.#dirtyBytesMax * times;
  }

  /** A record out of LMDB, in memory of its own. */
  #load(path: string): ZnodeRecord | undefined {
    const found = this.#environment.tree.getBinaryFast(path);
    if (found === undefined) return undefined;
    const start = isLongPath(path) ? longValueHeadBytes(found) : 0;
    assert(start === 0 || found.toString('utf8', 4, start) === path, 'a long key stands for one path');
    return unpackRecord(found, start);
  }

  /** What the file holds, with the unflushed changes over it. */
  *#merged<K, V>(stored: Map<K, V | null>, kind: 'sessions' | 'owned'): Iterable<readonly [K, V]> {
    for (const changes of [this.#flushing, this.#changes]) {
      if (changes === undefined) continue;
      for (const [key, value] of changes[kind] as unknown as Map<K, V | null>) stored.set(key, value);
    }
    for (const [key, value] of stored) if (value !== null) yield [key, value];
  }
}
