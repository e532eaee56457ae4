import { type ConfigClient, withSignal } from '../ensemble/client-port.js';
import { type MultiOperation, ops } from '../ensemble/ops.js';
import { childrenOf } from '../ensemble/parents.js';
import { partPath, type ScopeReader } from '../ensemble/scope-reader.js';
import type { Pointer } from '../layout/pointer.js';
import type { Scope } from '../names.js';
import { isRace } from './publisher.js';
import type { WallClock } from './types.js';

/** How old a content must be before it counts as left over: whoever writes it now may be about to release it. */
const GRACE_MS = 3_600_000;
const DELETES_MAX = 100;

/** What was removed. */
export interface Collected {
  readonly releases: number;
  readonly contents: number;
}

/**
 * Removes releases over the retention, and contents that no release has: those of removed releases, and those that somebody wrote and
 * died before releasing. Every removal checks the pointer's version, so a release that is made meanwhile makes it fail, not the release:
 * what is left over is collected the next time.
 */
export class Collector {
  readonly #client: ConfigClient;
  readonly #reader: ScopeReader;
  readonly #clock: WallClock;
  readonly #retained: number;

  constructor(client: ConfigClient, reader: ScopeReader, clock: WallClock, releasesRetained: number) {
    this.#client = client;
    this.#reader = reader;
    this.#clock = clock;
    this.#retained = releasesRetained;
  }

  /** Collects in one scope. */
  async collect(scope: Scope, signal?: AbortSignal): Promise<Collected> {
    const { pointer, version } = await this.#reader.pointer(scope, signal);
    if (version === undefined) return { releases: 0, contents: 0 };
    const paths = this.#reader.paths(scope);
    const guard = ops.check(paths.current, version);
    const names = await childrenOf(this.#client, paths.releases, signal);
    const expired = expiredReleases(names, pointer, this.#retained);
    const deletions = expired.map((name) => [ops.delete(`${paths.releases}/${name}`)]);
    const releases = await this.#delete(guard, deletions, signal);
    if (releases < expired.length) return { releases, contents: 0 };
    const kept = names.filter((name) => !expired.includes(name)).map(Number);
    const leftovers = await this.#leftovers(scope, kept, signal);
    return { releases, contents: await this.#delete(guard, leftovers, signal) };
  }

  /** The deletions of each content that no release has, parts first. */
  async #leftovers(
    scope: Scope,
    releases: readonly number[],
    signal: AbortSignal | undefined,
  ): Promise<MultiOperation[][]> {
    const used = new Set<string>();
    for (const release of releases) {
      const record = await this.#reader.recordIfAny(scope, release, signal);
      for (const { content } of record?.documents ?? []) used.add(content.hash);
      for (const { hash } of Object.values(record?.schemas ?? {})) used.add(hash);
    }
    const { contents } = this.#reader.paths(scope);
    const deletions: MultiOperation[][] = [];
    for (const hash of await childrenOf(this.#client, contents, signal)) {
      if (used.has(hash)) continue;
      const path = `${contents}/${hash}`;
      const stat = await this.#client.exists(path, withSignal(signal));
      if (stat === undefined || this.#clock.nowMs() - stat.ctimeMs < GRACE_MS) continue;
      const parts = Array.from({ length: stat.numChildren }, (_, i) => ops.delete(partPath(path, i)));
      deletions.push([...parts, ops.delete(path)]);
    }
    return deletions;
  }

  /** Deletes in groups, each in one multi with the guard. Says how many; fewer than all when the world moved on. */
  async #delete(guard: MultiOperation, groups: readonly MultiOperation[][], signal?: AbortSignal): Promise<number> {
    let deleted = 0;
    let at = 0;
    while (at < groups.length) {
      const batch: MultiOperation[] = [guard];
      const from = at;
      while (at < groups.length && (at === from || batch.length + groups[at]!.length <= DELETES_MAX)) {
        batch.push(...groups[at]!);
        at += 1;
      }
      try {
        await this.#client.multi(batch, withSignal(signal));
      } catch (error) {
        if (isRace(error)) return deleted;
        throw error;
      }
      deleted += at - from;
    }
    return deleted;
  }
}

/** The oldest, as many as are too many, but never what somebody sees. */
export function expiredReleases(names: readonly string[], pointer: Pointer, retained: number): string[] {
  const seen = [pointer.stable?.release, pointer.rollout?.candidate.release];
  const sorted = [...names].sort();
  return sorted.slice(0, Math.max(0, sorted.length - retained)).filter((name) => !seen.includes(Number(name)));
}
