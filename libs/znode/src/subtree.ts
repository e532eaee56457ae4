import { childPath } from '@corral/model';
import type { TreeStore } from './tree-store.js';

/** A path and all below it. On a stack of its own: a client can make a tree that is deeper than the call stack. */
export function* subtree(store: Pick<TreeStore, 'childNames'>, path: string): IterableIterator<string> {
  const open = [path];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    yield at;
    for (const name of store.childNames(at)) open.push(childPath(at, name));
  }
}
