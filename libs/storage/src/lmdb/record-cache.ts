import type { ZnodeRecord } from '@corral/znode';

/** What an entry costs beside its bytes: map slot, string and view headers. Measured, rounded up. */
const ENTRY_OVERHEAD_BYTES = 200;

/**
 * Recently used records, bounded in bytes. Two generations: what is used comes into the young one; when that is full it becomes the
 * old one and the old one is forgotten. No list to relink at every hit, and a scan of everything costs two generations at most.
 */
export class RecordCache {
  #young = new Map<string, ZnodeRecord>();
  #old = new Map<string, ZnodeRecord>();
  #youngBytes = 0;
  readonly #generationBytesMax: number;

  constructor(bytesMax: number) {
    this.#generationBytesMax = bytesMax / 2;
  }

  get(path: string): ZnodeRecord | undefined {
    const young = this.#young.get(path);
    if (young !== undefined) return young;
    const old = this.#old.get(path);
    if (old !== undefined) this.#insert(path, old);
    return old;
  }

  /** Takes in a record that was read. */
  add(path: string, record: ZnodeRecord): void {
    this.#insert(path, record);
  }

  /** Puts the record in the place of the one it knows; one it does not know it leaves, so that a bulk load does not sweep it. */
  replace(path: string, record: ZnodeRecord): void {
    const known = this.#young.get(path);
    if (known === record) return;
    if (known !== undefined) {
      this.#young.set(path, record);
      this.#youngBytes += record.length - known.length;
    } else if (this.#old.has(path)) {
      this.#insert(path, record);
    }
  }

  delete(path: string): void {
    const known = this.#young.get(path);
    if (known !== undefined) {
      this.#young.delete(path);
      this.#youngBytes -= costOf(path, known);
    }
    this.#old.delete(path);
  }

  #insert(path: string, record: ZnodeRecord): void {
    if (this.#youngBytes >= this.#generationBytesMax) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngBytes = 0;
    }
    this.#young.set(path, record);
    this.#youngBytes += costOf(path, record);
  }
}

function costOf(path: string, record: ZnodeRecord): number {
  return path.length + record.length + ENTRY_OVERHEAD_BYTES;
}
