import type { KeyRing } from '../encryption/key-ring.js';
import { sealBytes, unsealBytes } from '../encryption/sealed-value.js';
import { IntegrityError, KeyMissingError } from '../errors.js';
import { sha256 } from '../layout/content.js';
import type { Target } from '../names.js';
import type { SubscriberState } from './snapshot.js';

/*
 * A local copy is a line that says what follows and how to check it, and the state as JSON:
 *
 *   corral-config 1 plain <sha-256 in hex>\n{…}
 *   corral-config 1 aes-gcm:<key id> -\n<nonce, ciphertext, tag>
 *
 * Values that are encrypted at rest are in it as they are in the ensemble.
 */

const MAGIC = 'corral-config';
const FORMAT = '1';
const LINE_END = 0x0a;

/** What a copy holds, and when it was saved. */
export interface LocalCopy {
  readonly state: SubscriberState;
  /** Wall clock. */
  readonly savedAtMs: number;
}

/** A copy as bytes; with a key ring, encrypted. */
export function encodeCopy(copy: LocalCopy, target: Required<Target>, keys: KeyRing | undefined): Buffer {
  const body = Buffer.from(JSON.stringify({ target, ...copy }), 'utf8');
  if (keys === undefined) return withHeading('plain', sha256(body), body);
  return withHeading(`aes-gcm:${keys.primaryId}`, '-', sealBytes(body, placeOf(target), keys.primaryKey));
}

/** Reads a copy. @throws IntegrityError when it is damaged or another target's; KeyMissingError */
export function decodeCopy(
  data: Uint8Array,
  target: Required<Target>,
  keys: KeyRing | undefined,
  where: string,
): LocalCopy {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const lineEnd = bytes.indexOf(LINE_END);
  const [magic, format, how = '', hash] = bytes.toString('utf8', 0, Math.max(0, lineEnd)).split(' ');
  if (magic !== MAGIC || format !== FORMAT) throw new IntegrityError(where, 'is not a copy that this program can read');
  const body = openBody(how, hash, bytes.subarray(lineEnd + 1), { place: placeOf(target), keys, where });
  const read = JSON.parse(body.toString('utf8')) as LocalCopy & { readonly target: Required<Target> };
  if (placeOf(read.target) !== placeOf(target)) {
    throw new IntegrityError(where, `is the copy of ${placeOf(read.target)}, not of ${placeOf(target)}`);
  }
  return { state: read.state, savedAtMs: read.savedAtMs };
}

function openBody(
  how: string,
  hash: string | undefined,
  body: Buffer,
  { place, keys, where }: { place: string; keys: KeyRing | undefined; where: string },
): Buffer {
  if (how.startsWith('aes-gcm:')) {
    const keyId = how.slice('aes-gcm:'.length);
    const key = keys?.key(keyId);
    if (key === undefined) throw new KeyMissingError(keyId, where);
    return unsealBytes(body, place, key);
  }
  if (how !== 'plain') throw new IntegrityError(where, 'is not a copy that this program can read');
  if (sha256(body) !== hash) throw new IntegrityError(where, 'is damaged: its hash does not match');
  return body;
}

function withHeading(how: string, hash: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${MAGIC} ${FORMAT} ${how} ${hash}\n`), body]);
}

function placeOf({ namespace, application, profiles }: Required<Target>): string {
  return `${namespace}/${application}:${profiles.join(',')}`;
}
