import type { StoredDocument } from '../documents.js';
import { levelDocument, type LevelDocument } from '../effective.js';
import type { KeyRing } from '../encryption/key-ring.js';
import { unsealDocument } from '../encryption/sealed-document.js';
import type { ScopeReader } from '../ensemble/scope-reader.js';
import type { Pointer } from '../layout/pointer.js';
import type { DocumentEntry, ReleaseRecord } from '../layout/record.js';
import type { Scope } from '../names.js';

/** What contents are needed for, and where they may be at hand. */
export interface Reading {
  readonly inline?: Pointer['inline'] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The documents of a release that a combination of profiles (or, without one, anybody) sees, with their contents. */
export async function readDocuments(
  reader: ScopeReader,
  scope: Scope,
  record: ReleaseRecord,
  { inline, signal }: Reading,
  profiles?: readonly string[],
): Promise<StoredDocument[]> {
  const wanted = record.documents.filter(({ profile }) => isSeen(profile, profiles));
  return Promise.all(
    wanted.map(async (entry) => storedDocument(entry, await reader.content(scope, entry.content, inline, signal))),
  );
}

/** What a document's value is read from. */
export type LevelSource = Pick<StoredDocument, 'profile' | 'name' | 'format' | 'content' | 'encrypted'> & {
  /** Only when the content is, byte for byte, the stored one with this hash: then it is parsed once for all of this process. */
  readonly contentHash?: string;
};

/** A document that was read from the ensemble, as it is stored. */
export function asStored(document: StoredDocument): LevelSource {
  return { ...document, contentHash: document.hash };
}

/** A document that was read from the ensemble, in the clear. @throws KeyMissingError | IntegrityError | ParseError */
export function clearDocument(document: StoredDocument, scope: Scope, keys: KeyRing | undefined): LevelSource {
  const clear = unsealDocument(document, scope, keys);
  return clear === document ? asStored(document) : { ...document, content: clear.content, encrypted: false };
}

/** Reads documents into values. One that is still encrypted whole is a text: nobody can see into it. */
export function levelsOf(documents: readonly LevelSource[]): LevelDocument[] {
  return documents.map((document) => levelDocument(document.encrypted ? { ...document, format: 'text' } : document));
}

function isSeen(profile: string | undefined, profiles: readonly string[] | undefined): boolean {
  return profile === undefined || profiles === undefined || profiles.includes(profile);
}

/** A document of a release with its content. */
export function storedDocument(
  { profile, name, format, encrypted, content: { hash, sizeBytes } }: DocumentEntry,
  content: string,
  isEncrypted = encrypted,
): StoredDocument {
  const key = profile === undefined ? { name } : { profile, name };
  return { ...key, format, content, hash, sizeBytes, encrypted: isEncrypted };
}
