import { assert, type Zxid } from '@corral/primitives';
import type { History } from './history.js';
import type { Outbox } from './outbox.js';

/**
 * This member's history as the replica has ordered it: ahead of the disk by the effects that are not carried out yet.
 *
 * Invariant: applied <= durable <= last, and applied <= committed <= last.
 */
export class LocalHistory {
  readonly #outbox: Outbox;
  readonly #disk: History;
  #lastZxid: Zxid;
  #durableZxid: Zxid;
  #committedZxid: Zxid;
  #appliedZxid: Zxid;
  #truncations = 0;

  constructor(disk: History, outbox: Outbox) {
    this.#disk = disk;
    this.#outbox = outbox;
    this.#lastZxid = disk.lastZxid;
    this.#durableZxid = disk.lastZxid;
    this.#committedZxid = disk.appliedZxid;
    this.#appliedZxid = disk.appliedZxid;
  }

  /** What the log can tell; behind by the effects that are not carried out yet. */
  get disk(): History {
    return this.#disk;
  }

  get lastZxid(): Zxid {
    return this.#lastZxid;
  }

  /** Whether the log has yet to be cut, so that `disk` still shows what is gone. */
  get isTruncating(): boolean {
    return this.#truncations > 0;
  }

  /** The end of what a crash cannot take. */
  get durableZxid(): Zxid {
    return this.#durableZxid;
  }

  get committedZxid(): Zxid {
    return this.#committedZxid;
  }

  append(zxid: Zxid, transaction: Uint8Array): void {
    assert(zxid > this.#lastZxid, 'a history only grows');
    this.#lastZxid = zxid;
    this.#outbox.push({ kind: 'append', zxid, transaction });
  }

  truncate(to: Zxid): void {
    assert(to >= this.#committedZxid, 'what is committed is not truncated');
    assert(to <= this.#lastZxid, 'a truncation adds nothing');
    this.#lastZxid = to;
    this.#durableZxid = lesser(this.#durableZxid, to);
    this.#truncations += 1;
    this.#outbox.push({ kind: 'truncate', to });
  }

  truncated(): void {
    assert(this.#truncations > 0, 'a truncation was asked for');
    this.#truncations -= 1;
  }

  /** A sync that ended while a truncation is outstanding may be about entries that are gone: it tells nothing. */
  synced(through: Zxid): void {
    if (this.#truncations > 0 || through <= this.#durableZxid) return;
    assert(through <= this.#lastZxid, 'only what was appended is synced');
    this.#durableZxid = through;
    this.#apply();
  }

  /** A tree came in place of everything. */
  installed(zxid: Zxid): void {
    this.#lastZxid = zxid;
    this.#durableZxid = zxid;
    this.#committedZxid = zxid;
    this.#appliedZxid = zxid;
  }

  /** A quorum has the history through here. It is applied as soon as this member has it on its own disk too, so that tree and log always meet. */
  commit(through: Zxid): void {
    if (through <= this.#committedZxid) return;
    assert(through <= this.#lastZxid, 'only what was appended is committed');
    this.#committedZxid = through;
    this.#apply();
  }

  #apply(): void {
    const through = lesser(this.#committedZxid, this.#durableZxid);
    if (through <= this.#appliedZxid) return;
    this.#appliedZxid = through;
    this.#outbox.push({ kind: 'commit', through });
  }
}

function lesser(a: Zxid, b: Zxid): Zxid {
  return a < b ? a : b;
}
