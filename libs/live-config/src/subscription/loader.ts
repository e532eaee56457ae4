import { BoundedCache } from '../ensemble/bounded-cache.js';
import type { ScopeReader } from '../ensemble/scope-reader.js';
import { type Pointer, releaseFor } from '../layout/pointer.js';
import type { ReleaseRef } from '../layout/record.js';
import { limits } from '../limits.js';
import type { Scope, Target } from '../names.js';
import type { InstanceIdentity } from '../rollout/spec.js';
import { readDocuments } from '../store/levels.js';
import type { ScopeState, SubscriberState } from './snapshot.js';

/** The two pointers that a subscriber follows, both as last seen. */
export interface Pointers {
  readonly defaults: Pointer;
  readonly own: Pointer;
}

/** Which releases a subscriber is to see. Two that are equal need no reload. */
export interface Releases {
  readonly defaults: ReleaseRef | undefined;
  readonly own: ReleaseRef | undefined;
}

/** The releases for this instance: decided here, by the instance itself, from the pointers. */
export function releasesFor(pointers: Pointers, instance: InstanceIdentity): Releases {
  return { defaults: releaseFor(pointers.defaults, instance), own: releaseFor(pointers.own, instance) };
}

/** Whether both are the same releases. */
export function sameReleases(one: Releases | undefined, other: Releases): boolean {
  const same = (a: ReleaseRef | undefined, b: ReleaseRef | undefined): boolean =>
    a?.release === b?.release && a?.record.hash === b?.record.hash;
  return one !== undefined && same(one.defaults, other.defaults) && same(one.own, other.own);
}

/** States that subscriptions of this process have loaded: the hashes of two records and the profiles say all that is in one. */
const shared = new BoundedCache<SubscriberState>(limits.statesBytesMax);

function keyOf({ profiles }: Required<Target>, pointers: Pointers, releases: Releases): string {
  const { defaults, own } = releases;
  return `${defaults?.record.hash},${own?.record.hash},${isCandidate(pointers, releases)},${profiles.join()}`;
}

function isCandidate(pointers: Pointers, { own }: Releases): boolean {
  return own !== undefined && own.release !== pointers.own.stable?.release;
}

/** The state, if a subscription of this process has loaded it already. */
export function knownState(
  target: Required<Target>,
  pointers: Pointers,
  releases: Releases,
): SubscriberState | undefined {
  return shared.get(keyOf(target, pointers, releases));
}

/**
 * Reads both releases whole. They are named by number and hash, so what is read belongs together however often the pointer moves
 * meanwhile. @throws IntegrityError when something is missing or was changed
 */
export async function loadState(
  reader: ScopeReader,
  target: Required<Target>,
  pointers: Pointers,
  releases: Releases,
  signal: AbortSignal,
): Promise<SubscriberState> {
  const { namespace, application, profiles } = target;
  const load = async (scope: Scope, ref: ReleaseRef | undefined, { inline }: Pointer): Promise<ScopeState> => {
    const record = await reader.record(scope, ref, inline, signal);
    const documents = await readDocuments(reader, scope, record, { inline, signal }, profiles);
    return { release: record.release, documents };
  };
  const [defaults, own] = await Promise.all([
    load({ namespace }, releases.defaults, pointers.defaults),
    load({ namespace, application }, releases.own, pointers.own),
  ]);
  const state = { defaults, own, isCandidate: isCandidate(pointers, releases) };
  shared.set(keyOf(target, pointers, releases), state, sizeOf(defaults) + sizeOf(own));
  return state;
}

/** Bytes, and something for each document beside them. */
function sizeOf({ documents }: ScopeState): number {
  return documents.reduce((sum, { sizeBytes }) => sum + sizeBytes + 256, 256);
}
