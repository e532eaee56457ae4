import type { Zxid } from '@corral/primitives';
import { MemoryEpochs, MemoryTransactionLog } from '@corral/storage-memory';
import type { History } from '@corral/zab';
import type { MemberDisk } from './member.js';
import type { Prng } from '../../prng.js';

/** A transaction that was applied. */
export interface Applied {
  readonly zxid: Zxid;
  readonly text: string;
}

/** What a tree is in this world: everything that was applied, in order. */
export interface TreeImage {
  readonly zxid: Zxid;
  readonly applied: readonly Applied[];
}

const EMPTY: TreeImage = { zxid: 0 as Zxid, applied: [] };

/** Everything of a member that outlasts its process: log, epochs, and the tree as it was flushed last. */
export class Disk implements History, MemberDisk {
  readonly log = new MemoryTransactionLog();
  readonly epochs = new MemoryEpochs();
  /** The tree in memory. */
  applied: Applied[] = [];
  #appliedZxid = 0 as Zxid;
  #flushed: TreeImage = EMPTY;
  #startZxid = 0 as Zxid;

  get lastZxid(): Zxid {
    return this.log.lastZxid > this.#appliedZxid ? this.log.lastZxid : this.#appliedZxid;
  }

  get appliedZxid(): Zxid {
    return this.#appliedZxid;
  }

  get startZxid(): Zxid {
    return this.#startZxid;
  }

  newestUpTo(zxid: Zxid): Zxid | undefined {
    if (zxid < this.#startZxid) return undefined;
    let newest = this.#startZxid;
    for (const entry of this.log.read(this.#startZxid)) {
      if (entry.zxid > zxid) break;
      newest = entry.zxid;
    }
    return newest;
  }

  fingerprintOf(wanted: Zxid): number | undefined {
    for (const { zxid, bytes } of this.log.read((wanted - 1) as Zxid)) {
      return zxid === wanted ? bytes.reduce((sum, byte) => (sum * 31 + byte) | 0, 0) : undefined;
    }
    return undefined;
  }

  apply(transaction: Applied): void {
    this.applied.push(transaction);
    this.#appliedZxid = transaction.zxid;
  }

  get image(): TreeImage {
    return { zxid: this.#appliedZxid, applied: [...this.applied] };
  }

  flush(): void {
    this.#flushed = this.image;
  }

  /** The log drops what the flushed tree has. */
  purge(): void {
    const through = this.#flushed.zxid;
    if (through <= this.#startZxid) return;
    this.log.purge(through);
    this.#startZxid = through;
  }

  /** Another tree comes in place of this one, and of the log. */
  install(image: TreeImage): void {
    this.applied = [...image.applied];
    this.#appliedZxid = image.zxid;
    this.#startZxid = image.zxid;
    this.log.clear();
    this.flush();
  }

  /** Whether a crash cannot take this transaction. */
  hasDurably(zxid: Zxid, text: string): boolean {
    if (zxid <= this.#flushed.zxid) return this.#isFlushed(zxid, text);
    if (zxid > this.log.durableZxid) return false;
    for (const entry of this.log.read((zxid - 1) as Zxid)) return entry.zxid === zxid && textOf(entry.bytes) === text;
    return false;
  }

  /** Looked for from the end, where what is asked about mostly is. */
  #isFlushed(zxid: Zxid, text: string): boolean {
    const { applied } = this.#flushed;
    let place = applied.length - 1;
    while (place >= 0 && applied[place]!.zxid > zxid) place -= 1;
    return applied[place]?.zxid === zxid && applied[place]?.text === text;
  }

  /** The whole history, durable or not, oldest first. */
  history(): Applied[] {
    const tail: Applied[] = [];
    for (const entry of this.log.read(this.#appliedZxid)) tail.push({ zxid: entry.zxid, text: textOf(entry.bytes) });
    return [...this.applied, ...tail];
  }

  /** The process dies: unsynced bytes are lost, save a beginning of them that the disk had taken by itself. */
  crash(prng: Prng): void {
    const isLucky = prng.chance(0.4);
    this.log.crash(isLucky ? prng.between(0, 20) : 0);
    this.epochs.crash(prng.between(0, 1));
    this.applied = [...this.#flushed.applied];
    this.#appliedZxid = this.#flushed.zxid;
  }

  /** The disk is replaced by an empty one. */
  wipe(): void {
    this.log.clear();
    this.epochs.wipe();
    this.applied = [];
    this.#appliedZxid = 0 as Zxid;
    this.#startZxid = 0 as Zxid;
    this.#flushed = EMPTY;
  }
}

export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
export const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
