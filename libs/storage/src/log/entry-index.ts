import type { Zxid } from '@corral/primitives';

/** Where an entry begins. */
export interface EntryMark {
  readonly zxid: Zxid;
  /** Names the file. */
  readonly segmentZxid: Zxid;
  readonly offset: number;
}

/** Between two marks of a file; reading from a mark passes over no more than this. */
const SPACING_BYTES = 256 * 1024;

/** Places in the log by zxid, some in every megabyte: whoever reads from a zxid on need not begin at the beginning of a file. */
export class EntryIndex {
  #marks: EntryMark[] = [];

  /** Takes note of an entry, unless it is near the last one noted. Entries come in order. */
  note(zxid: Zxid, segmentZxid: Zxid, offset: number): void {
    const last = this.#marks.at(-1);
    if (last?.segmentZxid === segmentZxid && offset - last.offset < SPACING_BYTES) return;
    this.#marks.push({ zxid, segmentZxid, offset });
  }

  /** The newest known place that is not after this zxid. */
  atOrBefore(zxid: Zxid): EntryMark | undefined {
    let low = 0;
    let high = this.#marks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#marks[middle]!.zxid <= zxid) low = middle + 1;
      else high = middle;
    }
    return this.#marks[low - 1];
  }

  /** Forgets every place after a zxid. */
  dropAfter(zxid: Zxid): void {
    this.#marks = this.#marks.filter((mark) => mark.zxid <= zxid);
  }

  /** Forgets the places in files before this one. */
  dropBefore(segmentZxid: Zxid): void {
    this.#marks = this.#marks.filter((mark) => mark.segmentZxid >= segmentZxid);
  }
}
