import type { StoredDocument } from '../documents.js';
import { mergeLevels } from '../effective.js';
import type { KeyRing } from '../encryption/key-ring.js';
import type { Target } from '../names.js';
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

/** Decrypts, reads and merges. @throws KeyMissingError | IntegrityError | ParseError, and then there is no snapshot of it */
export function snapshotOf(
  state: SubscriberState,
  target: Required<Target>,
  keys: KeyRing | undefined,
  origin: Origin,
): ConfigSnapshot {
  const { namespace, application, profiles } = target;
  const clear = (documents: readonly StoredDocument[], scope: { namespace: string; application?: string }) =>
    levelsOf(
      documents.map((document) => {
        const { contentHash, ...clear } = clearDocument(document, scope, keys);
        // The hashes in a local copy were checked when they were read, not since.
        return contentHash !== undefined && origin.source === 'ensemble' ? { ...clear, contentHash } : clear;
      }),
    );
  const defaults = clear(state.defaults.documents, { namespace });
  const own = clear(state.own.documents, { namespace, application });
  const { documents, values } = mergeLevels([defaults, own], profiles);
  return {
    ...origin,
    release: state.own.release,
    defaultsRelease: state.defaults.release,
    isCandidate: state.isCandidate,
    documents,
    values,
    get: <T extends ConfigValue>(path: string) => valueAt(values, path) as T | undefined,
  };
}
