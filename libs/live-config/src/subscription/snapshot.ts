import type { StoredDocument } from '../documents.js';
import { type LevelDocument, type MergedConfig, mergeLevels } from '../effective.js';
import type { KeyRing } from '../encryption/key-ring.js';
import type { Scope, Target } from '../names.js';
import { clearDocument, levelsOf } from '../store/levels.js';
import { type ConfigValue, valueAt } from '../values/tree.js';
import type { ConfigSnapshot, SnapshotSource } from './types.js';

/** What of one scope a subscriber holds: a release's number and its documents, as they are stored. */
export interface ScopeState {
  readonly release: number;
  readonly documents: readonly StoredDocument[];
}

/** All that a snapshot is made of. What is encrypted is still so. */
export interface SubscriberState {
  readonly defaults: ScopeState;
  readonly own: ScopeState;
  readonly isCandidate: boolean;
}

/** Where a state came from. */
export interface Origin {
  readonly source: SnapshotSource;
  readonly savedAtMs?: number;
}

/** What states in which nothing is encrypted come to: the same for every subscription that holds the state. */
const plain = new WeakMap<SubscriberState, MergedConfig>();

/** Decrypts, reads and merges. @throws KeyMissingError | IntegrityError | ParseError, and then there is no snapshot of it */
export function snapshotOf(
  state: SubscriberState,
  target: Required<Target>,
  keys: KeyRing | undefined,
  origin: Origin,
): ConfigSnapshot {
  const { documents, values } = plain.get(state) ?? mergeState(state, target, keys, origin);
  return {
    source: origin.source,
    savedAtMs: origin.savedAtMs,
    release: state.own.release,
    defaultsRelease: state.defaults.release,
    isCandidate: state.isCandidate,
    documents,
    values,
    get: <T extends ConfigValue>(path: string) => valueAt(values, path) as T | undefined,
  };
}

function mergeState(
  state: SubscriberState,
  { namespace, application, profiles }: Required<Target>,
  keys: KeyRing | undefined,
  { source }: Origin,
): MergedConfig {
  // The hashes in a local copy were checked when they were read, not since.
  let isShared = source === 'ensemble';
  const levels = (documents: readonly StoredDocument[], scope: Scope): LevelDocument[] =>
    levelsOf(
      documents.map((document) => {
        const { contentHash, ...clear } = clearDocument(document, scope, keys);
        isShared &&= contentHash !== undefined;
        return isShared ? { ...clear, contentHash: document.hash } : clear;
      }),
    );
  const defaults = levels(state.defaults.documents, { namespace });
  const own = levels(state.own.documents, { namespace, application });
  const merged = mergeLevels([defaults, own], profiles);
  if (isShared) plain.set(state, merged);
  return merged;
}
