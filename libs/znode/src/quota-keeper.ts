import { nodeName, parentPath } from '@corral/model';
import { LIMITS_NODE, QUOTA_ROOT, QuotaFigures, QuotaPaths, STATS_NODE, statsPath } from './quotas.js';
import { type Allocate, dataLengthOf, dataOf, withData } from './record.js';
import { subtree } from './subtree.js';
import type { TreeStore } from './tree-store.js';

/** Knows which paths have a quota, and keeps their stats znodes as the tree changes. */
export class QuotaKeeper {
  readonly #store: TreeStore;
  readonly #allocate: Allocate;
  readonly #paths = new QuotaPaths();

  /** Finds the quotas that the store holds. */
  constructor(store: TreeStore, allocate: Allocate) {
    this.#store = store;
    this.#allocate = allocate;
    for (const path of subtree(store, QUOTA_ROOT)) {
      if (nodeName(path) === LIMITS_NODE) this.#paths.add(subjectOf(parentPath(path)));
    }
  }

  /** The nearest path at or above this one that has a quota. */
  covering(path: string): string | undefined {
    return this.#paths.covering(path);
  }

  /** A znode was created; `bytes` are those of its data. */
  created(path: string, bytes: number): void {
    if (path.startsWith(QUOTA_ROOT)) this.#quotaNodeCreated(parentPath(path), nodeName(path));
    this.count(path, 1, bytes);
  }

  deleted(path: string, bytes: number): void {
    if (path.startsWith(QUOTA_ROOT) && nodeName(path) === LIMITS_NODE) this.#paths.delete(subjectOf(parentPath(path)));
    this.count(path, -1, -bytes);
  }

  #quotaNodeCreated(parent: string, name: string): void {
    const subject = subjectOf(parent);
    if (name === LIMITS_NODE) this.#paths.add(subject);
    if (name === STATS_NODE) this.#writeStats(parent, this.#usageOf(subject));
  }

  /** A znode and all below it: how many, and how many bytes of data. */
  #usageOf(path: string): QuotaFigures {
    if (this.#store.get(path) === undefined) return QuotaFigures.of(0, 0);
    let count = 0;
    let bytes = 0;
    for (const at of subtree(this.#store, path)) {
      const record = this.#store.get(at);
      count += 1;
      bytes += record === undefined ? 0 : dataLengthOf(record);
    }
    return QuotaFigures.of(count, bytes);
  }

  /** So much more (or less) stands at or below the path. */
  count(path: string, count: number, bytes: number): void {
    const subject = this.#paths.covering(path);
    if (subject === undefined) return;
    const record = this.#store.get(statsPath(subject));
    if (record === undefined) return;
    const figures = QuotaFigures.parse(dataOf(record)) ?? QuotaFigures.of(0, 0);
    this.#writeStats(QUOTA_ROOT + subject, figures.plus(count, bytes));
  }

  /** Changes the data alone: no version, no zxid and no watch tells of it, as in ZooKeeper. */
  #writeStats(quotaPath: string, figures: QuotaFigures): void {
    const path = `${quotaPath}/${STATS_NODE}`;
    const record = this.#store.get(path);
    if (record === undefined) return;
    const lengthBefore = dataLengthOf(record);
    const written = withData(record, figures.encode(), this.#allocate);
    this.#store.put(path, written);
    this.#store.state.dataSizeBytes += dataLengthOf(written) - lengthBefore;
  }
}

/** `/zookeeper/quota/a/b` is about `/a/b`. */
function subjectOf(quotaPath: string): string {
  return quotaPath.slice(QUOTA_ROOT.length);
}
