import type { ServiceInstance } from '../instance/instance.js';

/** What changed from one state to the next. */
export interface Change {
  readonly added: readonly ServiceInstance[];
  readonly updated: readonly ServiceInstance[];
  readonly removed: readonly string[];
}

interface Entry {
  /** The digest of the state before the change. */
  readonly before: string;
  readonly change: Change;
  readonly size: number;
}

/** The latest changes of a service, as far back as they are few enough, for watches that resume. */
export class History {
  readonly #entriesMax: number;
  readonly #instancesMax: number;
  #entries: Entry[] = [];
  #size = 0;

  constructor(entriesMax = 1000, instancesMax = 20_000) {
    this.#entriesMax = entriesMax;
    this.#instancesMax = instancesMax;
  }

  push(before: string, change: Change): void {
    const size = change.added.length + change.updated.length + change.removed.length;
    this.#entries.push({ before, change, size });
    this.#size += size;
    while (this.#entries.length > this.#entriesMax || this.#size > this.#instancesMax) {
      this.#size -= this.#entries.shift()!.size;
    }
  }

  /** All that changed since the state with the digest, as one change to the present state; `undefined` when it is not known. */
  since(digest: string, present: ReadonlyMap<string, ServiceInstance>): Change | undefined {
    const start = this.#entries.findLastIndex(({ before }) => before === digest);
    if (start === -1) return undefined;
    // Whether an instance was there in the beginning shows in the first that happened to it.
    const wasThere = new Map<string, boolean>();
    for (const { change } of this.#entries.slice(start)) {
      for (const { id } of change.added) if (!wasThere.has(id)) wasThere.set(id, false);
      for (const { id } of change.updated) if (!wasThere.has(id)) wasThere.set(id, true);
      for (const id of change.removed) if (!wasThere.has(id)) wasThere.set(id, true);
    }
    const change = { added: [] as ServiceInstance[], updated: [] as ServiceInstance[], removed: [] as string[] };
    for (const [id, was] of wasThere) {
      const instance = present.get(id);
      if (instance !== undefined) (was ? change.updated : change.added).push(instance);
      else if (was) change.removed.push(id);
    }
    return change;
  }
}
