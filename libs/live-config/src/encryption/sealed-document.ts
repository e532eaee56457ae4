import type { DocumentFormat } from '../documents.js';
import { InvalidInputError } from '../errors.js';
import { rewriteStrings } from '../formats/rewrite.js';
import { describeScope, type DocumentKey, documentId, type Scope } from '../names.js';
import type { KeyRing } from './key-ring.js';
import { isSealed, seal, sealedKeyId, unseal } from './sealed-value.js';

/** What a value begins with that is to be encrypted. */
export const ENCRYPT_MARK = '{encrypt}';

/** A document as it is stored, and where it stands. */
export interface SealedDocument extends DocumentKey {
  readonly format: DocumentFormat;
  readonly content: string;
  /** Whether the whole content is one token. */
  readonly encrypted: boolean;
}

/**
 * Encrypts what is marked in a document, or, when `encrypted`, all of it. Tokens stay as they are, but must be for their place, so that
 * nobody publishes a value that no reader could decrypt.
 * @throws InvalidInputError when something is marked and there is no key; ParseError; KeyMissingError; IntegrityError
 */
export function sealDocument(document: SealedDocument, scope: Scope, keys: KeyRing | undefined): SealedDocument {
  const place = placeOf(scope, document);
  const ring = (): KeyRing => {
    if (keys !== undefined) return keys;
    throw new InvalidInputError(documentId(document), 'has values to encrypt, and there is no key ring');
  };
  if (document.encrypted) {
    if (!isSealed(document.content)) return { ...document, content: seal(document.content, place, ring()) };
    unseal(document.content, place, ring());
    return document;
  }
  const content = rewriteStrings(document.format, document.content, documentId(document), (text, pointer) => {
    if (text.startsWith(ENCRYPT_MARK)) return seal(text.slice(ENCRYPT_MARK.length), place + pointer, ring());
    if (isSealed(text) && keys !== undefined) unseal(text, place + pointer, keys);
    return text;
  });
  return { ...document, content };
}

/** Decrypts a document and everything in it. @throws KeyMissingError | IntegrityError | ParseError */
export function unsealDocument(document: SealedDocument, scope: Scope, keys: KeyRing | undefined): SealedDocument {
  const place = placeOf(scope, document);
  if (document.encrypted) return { ...document, content: unseal(document.content, place, keys), encrypted: false };
  if (!document.content.includes('{aes-gcm:')) return document;
  const content = rewriteStrings(document.format, document.content, documentId(document), (text, pointer) =>
    unseal(text, place + pointer, keys),
  );
  return { ...document, content };
}

/** Encrypts again, with the ring's first key, what is encrypted with another. The same document when there is nothing to do. */
export function resealDocument(document: SealedDocument, scope: Scope, keys: KeyRing): SealedDocument {
  const place = placeOf(scope, document);
  const reseal = (text: string, where: string): string => {
    const keyId = sealedKeyId(text);
    return keyId === undefined || keyId === keys.primaryId ? text : seal(unseal(text, where, keys), where, keys);
  };
  if (document.encrypted) return { ...document, content: reseal(document.content, place) };
  if (!document.content.includes('{aes-gcm:')) return document;
  const content = rewriteStrings(document.format, document.content, documentId(document), (text, pointer) =>
    reseal(text, place + pointer),
  );
  return { ...document, content };
}

function placeOf(scope: Scope, document: DocumentKey): string {
  return `${describeScope(scope)}:${documentId(document)}#`;
}
