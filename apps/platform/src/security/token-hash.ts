import { createHash, randomBytes } from 'node:crypto';

/** Tokens are random, so that one round of a fast hash is enough: there is nothing to guess. */
const TOKEN_BYTES = 32;

/** The SHA-256 of a token. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/** A new token. The prefix lets scanners of source code find one that was committed by mistake. */
export function makeToken(): string {
  return `corral_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
}
