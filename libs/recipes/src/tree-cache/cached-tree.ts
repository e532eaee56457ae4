import type { Znode } from '@corral/client';
import { nodeName, parentPath } from '@corral/model';

/** What happened to one znode of a cached tree. */
export type TreeChange =
  | { readonly type: 'added'; readonly path: string; readonly node: Znode }
  | { readonly type: 'updated'; readonly path: string; readonly node: Znode; readonly previous: Znode }
  | { readonly type: 'removed'; readonly path: string; readonly previous: Znode };

const NO_NAMES: ReadonlySet<string> = new Set();

/** Znodes by path, and the names below each. Every change of it says exactly what has changed. */
export class CachedTree {
  readonly #nodes = new Map<string, Znode>();
  readonly #names = new Map<string, Set<string>>();

  get size(): number {
    return this.#nodes.size;
  }

  get(path: string): Znode | undefined {
    return this.#nodes.get(path);
  }

  /** The names of the children that are known, in no order. */
  names(path: string): ReadonlySet<string> {
    return this.#names.get(path) ?? NO_NAMES;
  }

  paths(): Iterable<string> {
    return this.#nodes.keys();
  }

  /** A znode was read. Another one of the same name takes the place of what is there, and of all below it. */
  put(path: string, node: Znode): TreeChange[] {
    const previous = this.#nodes.get(path);
    if (previous === undefined) {
      this.#link(path);
      this.#nodes.set(path, node);
      return [{ type: 'added', path, node }];
    }
    if (!isSameZnode(previous, node)) return [...this.remove(path), ...this.put(path, node)];
    this.#nodes.set(path, node);
    return previous.stat.mzxid === node.stat.mzxid ? [] : [{ type: 'updated', path, node, previous }];
  }

  /** A znode is gone, with all that was below it; the deepest go first. */
  remove(path: string): TreeChange[] {
    const changes: TreeChange[] = [];
    for (const name of [...this.names(path)]) {
      changes.push(...this.remove(path === '/' ? `/${name}` : `${path}/${name}`));
    }
    const previous = this.#nodes.get(path);
    if (previous === undefined) return changes;
    this.#nodes.delete(path);
    this.#unlink(path);
    changes.push({ type: 'removed', path, previous });
    return changes;
  }

  #link(path: string): void {
    if (path === '/') return;
    const parent = parentPath(path);
    const names = this.#names.get(parent);
    if (names === undefined) this.#names.set(parent, new Set([nodeName(path)]));
    else names.add(nodeName(path));
  }

  #unlink(path: string): void {
    const parent = parentPath(path);
    const names = this.#names.get(parent);
    if (names?.delete(nodeName(path)) === true && names.size === 0) this.#names.delete(parent);
  }
}

/** Whether two readings are of one znode: one that was deleted and created anew is another. */
function isSameZnode({ stat: a }: Znode, { stat: b }: Znode): boolean {
  return a.czxid === b.czxid && a.ctimeMs === b.ctimeMs;
}
