import type { SessionId } from '@corral/primitives';
import type { ZnodeRecord } from '@corral/znode';
import { ChildLinks } from './child-links.js';

/** What an entry costs beside its record: map slot, links, strings. */
const ENTRY_OVERHEAD_BYTES = 150;

/** Writes that LMDB does not show yet. A null stands for something removed. */
export class Changes {
  readonly records = new Map<string, ZnodeRecord | null>();
  readonly sessions = new Map<SessionId, number | null>();
  readonly owned = new Map<string, SessionId | null>();
  /** By parent. */
  readonly links = new Map<string, ChildLinks>();
  /** A bound of the memory that the records take, to decide by. */
  recordBytes = 0;
  /** How many transactions made them. */
  transactions = 0;

  #lastParent = '';
  #lastLinks: ChildLinks | undefined;

  get isEmpty(): boolean {
    return this.records.size === 0 && this.sessions.size === 0 && this.owned.size === 0;
  }

  /** Notes a record's new bytes, or that it is gone. */
  set(path: string, record: ZnodeRecord | null): void {
    const known = this.records.get(path);
    if (known === record) return;
    this.records.set(path, record);
    const added = record === null ? 0 : record.length;
    if (known === undefined) this.recordBytes += added + path.length + ENTRY_OVERHEAD_BYTES;
    else this.recordBytes += added - (known === null ? 0 : known.length);
  }

  /** Notes that a child came or went. */
  link(parent: string, name: string, present: boolean): void {
    // Creates come in rows under one parent.
    let links = this.#lastLinks;
    if (links === undefined || parent !== this.#lastParent) {
      links = this.links.get(parent) ?? new ChildLinks();
      this.links.set(parent, links);
      this.#lastParent = parent;
      this.#lastLinks = links;
    }
    links.append(name, present);
  }
}
