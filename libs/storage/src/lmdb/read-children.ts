import type { Environment } from './environment.js';
import { longValueHeadBytes } from './flush.js';
import { longChildRange, shortChildRange } from './tree-key.js';

/** The names of a znode's children as LMDB shows them. `withLongPaths` tells whether any znode has a long key at all. */
export function* readChildren({ tree }: Environment, parent: string, withLongPaths: boolean): Iterable<string> {
  const short = shortChildRange(parent);
  if (short !== undefined) {
    for (const key of tree.getKeys({ start: short.start, end: short.end })) {
      yield (key as unknown as Buffer).toString('utf8', short.prefixBytes);
    }
  }
  if (!withLongPaths) return;
  const nameAt = parent.length === 1 ? 1 : parent.length + 1;
  for (const { value } of tree.getRange(longChildRange(parent))) {
    const bytes = value as Buffer;
    yield bytes.toString('utf8', 4, longValueHeadBytes(bytes)).slice(nameAt);
  }
}
