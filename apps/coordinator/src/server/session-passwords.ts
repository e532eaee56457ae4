import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionPasswords } from '@corral/member';
import { errorCodeOf, type SessionId } from '@corral/primitives';

const SECRET_FILE = 'session-secret';
const SECRET_BYTES = 32;
/** As many as ZooKeeper's, because clients keep room for that. */
const PASSWORD_BYTES = 16;
const SESSION_ID_BYTES = 8;

/**
 * Passwords for sessions, derived from their ids with a secret that stays in the data directory: nothing has to be kept per session,
 * they hold over a restart, and an id alone gives nobody a session.
 */
export class HmacSessionPasswords implements SessionPasswords {
  readonly #secret: Buffer;

  private constructor(secret: Buffer) {
    this.#secret = secret;
  }

  /** Takes the secret of a directory, or makes one for it. */
  static open(directory: string): HmacSessionPasswords {
    const path = join(directory, SECRET_FILE);
    const secret = readSecret(path) ?? createSecret(path);
    return new HmacSessionPasswords(secret);
  }

  issue(id: SessionId): Buffer {
    const idBytes = Buffer.alloc(SESSION_ID_BYTES);
    idBytes.writeBigInt64BE(id);
    return createHmac('sha256', this.#secret).update(idBytes).digest().subarray(0, PASSWORD_BYTES);
  }

  matches(id: SessionId, password: Uint8Array): boolean {
    return password.length === PASSWORD_BYTES && timingSafeEqual(password, this.issue(id));
  }
}

/** What ZooKeeper mixes into the number of a session. */
const ZOOKEEPER_SECRET = 0xb3415c00n;
/** The generator of `java.util.Random`. */
const JAVA_MULTIPLIER = 0x5deece66dn;
const JAVA_INCREMENT = 0xbn;
const JAVA_MASK = (1n << 48n) - 1n;

/**
 * Passwords as all members of an ensemble make them out of a session's number, Apache's among them, so that a session can move. Who can read
 * a session's number can make them too: they keep clients from taking each other's sessions by accident, and nobody else.
 */
export class DerivedSessionPasswords implements SessionPasswords {
  issue(id: SessionId): Buffer {
    const password = Buffer.alloc(PASSWORD_BYTES);
    let seed = (BigInt.asUintN(64, id ^ ZOOKEEPER_SECRET) ^ JAVA_MULTIPLIER) & JAVA_MASK;
    for (let at = 0; at < PASSWORD_BYTES; at += 4) {
      seed = (seed * JAVA_MULTIPLIER + JAVA_INCREMENT) & JAVA_MASK;
      password.writeInt32LE(Number(BigInt.asIntN(32, seed >> 16n)), at);
    }
    return password;
  }

  matches(id: SessionId, password: Uint8Array): boolean {
    return password.length === PASSWORD_BYTES && timingSafeEqual(password, this.issue(id));
  }
}

function readSecret(path: string): Buffer | undefined {
  try {
    const secret = readFileSync(path);
    return secret.length === SECRET_BYTES ? secret : undefined;
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The file appears whole or not at all. */
function createSecret(path: string): Buffer {
  const secret = randomBytes(SECRET_BYTES);
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  const fd = openSync(draft, 'wx', 0o600);
  try {
    writeSync(fd, secret);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, path);
  return secret;
}
