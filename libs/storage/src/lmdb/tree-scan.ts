import type { Database, RootDatabase, Transaction } from 'lmdb';
import { type TreeKey, writeTreeKey } from './tree-key.js';

/** Below every key. LMDB's default leaves out those that begin with a small byte. */
const FIRST_KEY = Buffer.from([0]);
const NO_KEY = Buffer.alloc(0);

/**
 * Goes over all values of a tree in the order of their keys, and shows each where LMDB has put it: no copy, no string. What it shows lasts until
 * the next step of any scan of this tree.
 */
export class TreeScan {
  key: Buffer = FIRST_KEY;
  keyStart = 0;
  keyEnd = 0;
  /** Its own idea of its length may be wrong: LMDB uses one buffer for all values. */
  value: Uint8Array = FIRST_KEY;
  valueEnd = 0;
  readonly #database: Database<never, TreeKey>;

  constructor(root: RootDatabase<string, string>) {
    // LMDB's type declarations leave an encoder's hooks out.
    const hooks = {
      encoder: {
        decode: (found: Uint8Array, sizeBytes: number) => {
          this.value = found;
          this.valueEnd = sizeBytes;
        },
      } as never,
      keyEncoder: {
        writeKey: writeTreeKey,
        readKey: (target: Buffer, start: number, end: number) => {
          this.key = target;
          this.keyStart = start;
          this.keyEnd = end;
          return NO_KEY;
        },
      },
    };
    this.#database = root.openDB<never, TreeKey>({ name: 'tree', ...hooks });
  }

  /** One step for each value. */
  steps(transaction: Transaction): Iterable<unknown> {
    return this.#database.getRange({ start: FIRST_KEY, transaction });
  }
}
