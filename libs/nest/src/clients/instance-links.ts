import type { InstanceAddress, InstanceLink } from './instance-link.js';

/** A link that somebody uses. Whoever borrows one gives it back, once. */
export interface BorrowedLink {
  readonly link: InstanceLink;
  readonly release: () => void;
}

interface Entry {
  readonly where: InstanceAddress;
  readonly link: InstanceLink;
  borrowers: number;
  isRetired: boolean;
}

/** One connection per instance, made when it is first needed. One whose instance has left is closed when the last borrower is done. */
export class InstanceLinks {
  readonly #make: (where: InstanceAddress) => InstanceLink;
  readonly #entries = new Map<string, Entry>();
  readonly #retired = new Set<Entry>();

  constructor(make: (where: InstanceAddress) => InstanceLink) {
    this.#make = make;
  }

  borrow(where: InstanceAddress): BorrowedLink {
    const entry = this.#entryOf(where);
    entry.borrowers += 1;
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      entry.borrowers -= 1;
      this.#closeIfDone(entry);
    };
    return { link: entry.link, release };
  }

  /** Keeps the connections of these instances; the others go as soon as nobody uses them. */
  keep(instances: readonly InstanceAddress[]): void {
    const present = new Map(instances.map((instance) => [instance.id, instance]));
    for (const entry of this.#entries.values()) {
      const now = present.get(entry.where.id);
      if (now === undefined || !isSamePlace(now, entry.where)) this.#retire(entry);
    }
  }

  /** Closes all at once. */
  closeAll(): void {
    for (const entry of [...this.#entries.values(), ...this.#retired]) entry.link.close();
    this.#entries.clear();
    this.#retired.clear();
  }

  #entryOf(where: InstanceAddress): Entry {
    const known = this.#entries.get(where.id);
    if (known !== undefined && isSamePlace(known.where, where)) return known;
    if (known !== undefined) this.#retire(known);
    const entry: Entry = { where, link: this.#make(where), borrowers: 0, isRetired: false };
    this.#entries.set(where.id, entry);
    return entry;
  }

  #retire(entry: Entry): void {
    entry.isRetired = true;
    this.#entries.delete(entry.where.id);
    this.#retired.add(entry);
    this.#closeIfDone(entry);
  }

  #closeIfDone(entry: Entry): void {
    if (entry.isRetired && entry.borrowers === 0 && this.#retired.delete(entry)) entry.link.close();
  }
}

function isSamePlace(a: InstanceAddress, b: InstanceAddress): boolean {
  return a.address === b.address && a.port === b.port;
}
