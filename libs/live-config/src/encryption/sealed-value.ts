import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { IntegrityError, KeyMissingError } from '../errors.js';
import type { KeyRing } from './key-ring.js';

/*
 * An encrypted text is a token: `{aes-gcm:<key id>}<nonce, ciphertext and tag in base64url>`. AES-256-GCM; the place where the value
 * stands goes in as associated data, so a token that is copied to another place does not decrypt there.
 */

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const TOKEN = /^\{aes-gcm:([A-Za-z0-9][A-Za-z0-9._-]{0,63})\}([A-Za-z0-9_-]+)$/u;

/** Where a value is: what it is bound to. */
export type SealedPlace = string;

/** Whether a text is an encrypted value. */
export function isSealed(text: string): boolean {
  return text.startsWith('{aes-gcm:') && TOKEN.test(text);
}

/** The id of the key that a token needs; nothing when it is no token. */
export function sealedKeyId(text: string): string | undefined {
  return TOKEN.exec(text)?.[1];
}

/** Encrypts a text for its place, with the ring's first key. */
export function seal(text: string, place: SealedPlace, keys: KeyRing): string {
  const sealed = sealBytes(Buffer.from(text, 'utf8'), place, keys.primaryKey);
  return `{aes-gcm:${keys.primaryId}}${sealed.toString('base64url')}`;
}

/** Decrypts a token at its place. A text that is no token is returned as it is. @throws KeyMissingError | IntegrityError */
export function unseal(text: string, place: SealedPlace, keys: KeyRing | undefined): string {
  const match = TOKEN.exec(text);
  if (match === null) return text;
  const key = keys?.key(match[1]!);
  if (key === undefined) throw new KeyMissingError(match[1]!, place);
  return unsealBytes(Buffer.from(match[2]!, 'base64url'), place, key).toString('utf8');
}

/** Encrypts bytes: nonce, ciphertext, tag. */
export function sealBytes(bytes: Uint8Array, place: SealedPlace, key: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce);
  cipher.setAAD(Buffer.from(place, 'utf8'));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts what `sealBytes` made. @throws IntegrityError when key, place or bytes are not the same. */
export function unsealBytes(sealed: Uint8Array, place: SealedPlace, key: Uint8Array): Buffer {
  if (sealed.byteLength < NONCE_BYTES + TAG_BYTES) throw new IntegrityError(place, 'the encrypted value is cut short');
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(place, 'utf8'));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new IntegrityError(place, 'the value was not encrypted for this place, or was changed', { cause });
  }
}
