import type { Zxid } from '@corral/primitives';

/** Transactions that a follower has logged and not yet acknowledged, oldest first. */
export class PendingAcks {
  #zxids: Zxid[] = [];
  #head = 0;

  push(zxid: Zxid): void {
    this.#zxids.push(zxid);
  }

  /** The oldest one if it is not after `through`, and takes it out; undefined otherwise. */
  shiftThrough(through: Zxid): Zxid | undefined {
    const zxid = this.#zxids[this.#head];
    if (zxid === undefined || zxid > through) return undefined;
    this.#head += 1;
    // Taking from the front of a long array moves all of it; done once for many it costs nothing.
    if (this.#head === this.#zxids.length) {
      this.#zxids.length = 0;
      this.#head = 0;
    } else if (this.#head >= COMPACT_AT) {
      this.#zxids = this.#zxids.slice(this.#head);
      this.#head = 0;
    }
    return zxid;
  }

  /** Takes out all that are not after `through`, and tells the newest of them; undefined when there are none. */
  shiftAllThrough(through: Zxid): Zxid | undefined {
    let newest: Zxid | undefined;
    for (let zxid = this.shiftThrough(through); zxid !== undefined; zxid = this.shiftThrough(through)) newest = zxid;
    return newest;
  }
}

const COMPACT_AT = 4096;
