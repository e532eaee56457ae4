import type { Zxid } from '@corral/primitives';
import { MemoryEpochs, MemoryTransactionLog } from '@corral/storage-memory';
import type { LogEntry } from '@corral/zab';
import type { Applied } from '../world/disk.js';
import type { MemberDisk } from '../world/member.js';
import type { Prng } from '../../prng.js';
import { describeTransaction } from './describe-transaction.js';
import { SimulatedTreeStore } from './simulated-tree-store.js';

/** Everything of a whole member that outlasts its process: log, epochs, the tree as it was flushed last, a leader's tree that is complete. */
export class WholeDisk implements MemberDisk {
  readonly log = new MemoryTransactionLog();
  readonly epochs = new MemoryEpochs();
  store: SimulatedTreeStore;
  /** A leader's tree that waits to take the place of the old one; after a crash it does so at the next start. */
  ready: SimulatedTreeStore | undefined;
  /** What the tree in memory shows; for those who check, the member has nothing like it. */
  applied: Applied[] = [];
  readonly #behindMax: number;
  readonly #sequenceThrough: (zxid: Zxid) => Applied[];

  /** `sequenceThrough` is what a tree shows that has come as a whole. */
  constructor(behindMax: number, sequenceThrough: (zxid: Zxid) => Applied[]) {
    this.#behindMax = behindMax;
    this.#sequenceThrough = sequenceThrough;
    this.store = this.newStore();
  }

  newStore(): SimulatedTreeStore {
    return new SimulatedTreeStore(this.#behindMax);
  }

  get lastZxid(): Zxid {
    return Math.max(this.log.lastZxid, this.store.state.appliedZxid) as Zxid;
  }

  hasDurably(zxid: Zxid, text: string): boolean {
    if (zxid <= this.store.flushedZxid) return this.applied.findLast((applied) => applied.zxid <= zxid)?.text === text;
    if (zxid > this.log.durableZxid) return false;
    const entry = this.entry(zxid);
    return entry !== undefined && describeTransaction(entry.bytes) === text;
  }

  entry(zxid: Zxid): LogEntry | undefined {
    for (const entry of this.log.read((zxid - 1) as Zxid)) return entry.zxid === zxid ? entry : undefined;
    return undefined;
  }

  history(): Applied[] {
    const tail: Applied[] = [];
    for (const { zxid, bytes } of this.log.read(this.store.state.appliedZxid)) {
      tail.push({ zxid, text: describeTransaction(bytes) });
    }
    return [...this.applied, ...tail];
  }

  /** The leader's tree takes the place of the old one, with an empty log. */
  install(): void {
    if (this.ready === undefined) return;
    this.store = this.ready;
    this.ready = undefined;
    this.log.clear();
    this.applied = this.#sequenceThrough(this.store.flushedZxid);
  }

  /** The process dies: unsynced bytes are lost, save a beginning of them that the disk had taken by itself. */
  crash(prng: Prng): void {
    this.log.crash(prng.chance(0.4) ? prng.between(0, 20) : 0);
    this.epochs.crash();
    this.install();
    this.store.crash();
    const through = this.store.flushedZxid;
    while ((this.applied.at(-1)?.zxid ?? 0) > through) this.applied.pop();
  }

  wipe(): void {
    this.log.clear();
    this.epochs.wipe();
    this.store = this.newStore();
    this.ready = undefined;
    this.applied = [];
  }
}
