import { createsOf, mtimeMsOf, numChildrenOf, ownerOf, type Tree } from '@corral/znode';
import { ownershipOf } from '@corral/model';
import type { MemberOptions } from './options.js';

/**
 * Finds containers that have lost their last child and znodes whose time to live is over. The member then proposes their deletion
 * like any other change, so that every replica drops them at the same place in the order.
 */
export class Reaper {
  readonly #options: Pick<MemberOptions, 'containerCheckIntervalMs' | 'containerDeletesPerMinuteMax'>;
  readonly #tree: Pick<Tree, 'get' | 'owned'>;
  #nextCheckAtMs: number | undefined;

  constructor(
    options: Pick<MemberOptions, 'containerCheckIntervalMs' | 'containerDeletesPerMinuteMax'>,
    tree: Pick<Tree, 'get' | 'owned'>,
  ) {
    this.#options = options;
    this.#tree = tree;
  }

  /** The paths that may go now; none between two checks. */
  due(nowMs: number, wallClockMs: number): string[] {
    this.#nextCheckAtMs ??= nowMs + this.#options.containerCheckIntervalMs;
    if (nowMs < this.#nextCheckAtMs) return [];
    this.#nextCheckAtMs = nowMs + this.#options.containerCheckIntervalMs;
    const most = Math.ceil(
      (this.#options.containerDeletesPerMinuteMax * this.#options.containerCheckIntervalMs) / 60_000,
    );
    const paths: string[] = [];
    for (const path of this.#tree.owned.containers) {
      if (paths.length >= most) return paths;
      if (this.#isAbandoned(path)) paths.push(path);
    }
    for (const path of this.#tree.owned.ttls) {
      if (paths.length >= most) return paths;
      if (this.#isTimedOut(path, wallClockMs)) paths.push(path);
    }
    return paths;
  }

  /** A container that never had a child may still be waiting for its first. */
  #isAbandoned(path: string): boolean {
    const record = this.#tree.get(path);
    return record !== undefined && createsOf(record) > 0 && numChildrenOf(record) === 0;
  }

  #isTimedOut(path: string, wallClockMs: number): boolean {
    const record = this.#tree.get(path);
    if (record === undefined || numChildrenOf(record) > 0) return false;
    const ownership = ownershipOf(ownerOf(record));
    return ownership.kind === 'ttl' && wallClockMs - mtimeMsOf(record) > ownership.ttlMs;
  }
}
