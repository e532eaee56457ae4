import { type DocumentChange, DOCUMENT_FORMATS, type DocumentWrite } from '../documents.js';
import type { KeyRing } from '../encryption/key-ring.js';
import { sealDocument, unsealDocument } from '../encryption/sealed-document.js';
import { InvalidInputError, NotFoundError, TooLargeError } from '../errors.js';
import { parseContent } from '../formats/parse.js';
import { encodeContent, type EncodedContent } from '../layout/content.js';
import type { DocumentEntry, ReleaseRecord } from '../layout/record.js';
import { limits } from '../limits.js';
import { checkDocumentKey, documentId, type Scope } from '../names.js';
import type { DocumentChangeInfo } from './types.js';

/** What a new release is to hold. */
export interface Draft {
  readonly documents: readonly DocumentEntry[];
  readonly schemas: ReleaseRecord['schemas'];
  /** Contents that the release before does not have. */
  readonly contents: readonly EncodedContent[];
  readonly rollbackOf?: number;
  /** Releases that must still be there when this one is made. */
  readonly sources?: readonly number[];
}

/** Makes the draft from the release that it follows. Called again when somebody else was first. */
export type DraftMaker = (base: ReleaseRecord) => Draft | Promise<Draft>;

/** A document that was checked, encrypted and encoded: it does not depend on the release it goes into. */
export type PreparedChange =
  | { readonly id: string; readonly entry: DocumentEntry; readonly content: EncodedContent }
  | { readonly id: string; readonly entry: undefined };

/** Checks changes, encrypts what is marked, and reads each document once. @throws every error of a bad document, naming the field. */
export function prepareChanges(
  changes: readonly DocumentChange[],
  scope: Scope,
  keys: KeyRing | undefined,
): readonly PreparedChange[] {
  if (!Array.isArray(changes) || changes.length === 0) throw new InvalidInputError('changes', 'must hold a change');
  if (changes.length > limits.changesMax) {
    throw new TooLargeError('number of changes', changes.length, limits.changesMax);
  }
  const prepared = (changes as readonly DocumentChange[]).map((change, i) =>
    prepare(change, `changes[${i}]`, scope, keys),
  );
  const seen = new Set<string>();
  prepared.forEach(({ id }, i) => {
    if (seen.has(id)) throw new InvalidInputError(`changes[${i}]`, `changes ${id} a second time`);
    seen.add(id);
  });
  return prepared;
}

function prepare(change: DocumentChange, field: string, scope: Scope, keys: KeyRing | undefined): PreparedChange {
  const key = checkDocumentKey(change, field);
  const id = documentId(key);
  if (change.delete === true) return { id, entry: undefined };
  const { format, content, encrypted } = checkWrite(change, field);
  const sealed = sealDocument({ ...key, format, content, encrypted }, scope, keys);
  // A document that is encrypted whole is read before it disappears from sight.
  if (encrypted) parseContent(format, unsealDocument(sealed, scope, keys).content, id);
  const encoded = encodeContent(sealed.content);
  return { id, entry: { ...key, format, encrypted, content: encoded.ref }, content: encoded };
}

function checkWrite(
  change: DocumentWrite,
  field: string,
): Required<Pick<DocumentWrite, 'format' | 'content'>> & { encrypted: boolean } {
  const { format, content, encrypted = false } = change;
  if (!DOCUMENT_FORMATS.includes(format)) {
    throw new InvalidInputError(`${field}.format`, `must be one of ${DOCUMENT_FORMATS.join(', ')}`);
  }
  if (typeof content !== 'string') throw new InvalidInputError(`${field}.content`, 'must be a string');
  const sizeBytes = Buffer.byteLength(content);
  if (sizeBytes > limits.documentBytesMax) {
    throw new TooLargeError(`size of ${field}.content in bytes`, sizeBytes, limits.documentBytesMax);
  }
  if (typeof encrypted !== 'boolean') throw new InvalidInputError(`${field}.encrypted`, 'must be true or false');
  return { format, content, encrypted };
}

/** Lays changes over a release. @throws NotFoundError when what is to be deleted is not there; TooLargeError */
export function applyChanges(base: ReleaseRecord, changes: readonly PreparedChange[]): Draft {
  const documents = new Map(base.documents.map((entry) => [documentId(entry), entry]));
  const contents = new Map<string, EncodedContent>();
  for (const change of changes) {
    if (change.entry === undefined) {
      if (!documents.delete(change.id)) throw new NotFoundError(`document ${change.id} to delete`);
      continue;
    }
    documents.set(change.id, change.entry);
    contents.set(change.content.ref.hash, change.content);
  }
  if (documents.size > limits.documentsMax) {
    throw new TooLargeError('number of documents', documents.size, limits.documentsMax);
  }
  const sorted = [...documents.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  return { documents: sorted, schemas: base.schemas, contents: [...contents.values()] };
}

/** What differs between the documents of two releases. */
export function changesBetween(
  before: readonly DocumentEntry[],
  after: readonly DocumentEntry[],
): readonly DocumentChangeInfo[] {
  const old = new Map(before.map((entry) => [documentId(entry), entry]));
  const fresh = new Map(after.map((entry) => [documentId(entry), entry]));
  const named = ({ profile, name }: DocumentEntry): { profile?: string; name: string } =>
    profile === undefined ? { name } : { profile, name };
  const written = after.flatMap((entry): DocumentChangeInfo[] => {
    const there = old.get(documentId(entry));
    if (there === undefined) return [{ ...named(entry), kind: 'added' }];
    const isSame = there.content.hash === entry.content.hash && there.format === entry.format;
    return isSame ? [] : [{ ...named(entry), kind: 'changed' }];
  });
  const removed = before.filter((entry) => !fresh.has(documentId(entry)));
  return [...written, ...removed.map((entry): DocumentChangeInfo => ({ ...named(entry), kind: 'removed' }))];
}
