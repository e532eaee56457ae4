import { readFile } from 'node:fs/promises';
import { KeyRingError } from '../errors.js';

/** The bytes of an AES-256 key. */
const KEY_BYTES = 32;
const KEYS_MAX = 64;
const KEY_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u;

/** One key and the name under which values refer to it. */
export interface EncryptionKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/**
 * The keys for values at rest. The first encrypts; all decrypt. To rotate, put a new key in front, have every reader load the ring,
 * re-encrypt (`ConfigStore.reencrypt`), and take the old key out when no retained release needs it any more.
 */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, Buffer>;
  /** The key that encrypts. */
  readonly primaryId: string;

  /** @throws KeyRingError when there is no key, an id is taken twice or cannot be, or a key has not 32 bytes. */
  constructor(keys: readonly EncryptionKey[]) {
    const [primary] = keys;
    if (primary === undefined) throw new KeyRingError('the key ring is empty');
    if (keys.length > KEYS_MAX)
      throw new KeyRingError(`the key ring has ${keys.length} keys, at most ${KEYS_MAX} are allowed`);
    const map = new Map<string, Buffer>();
    for (const { id, key } of keys) {
      if (!KEY_ID.test(id)) throw new KeyRingError(`key id ${JSON.stringify(id)} must be 1 to 64 of A-Z a-z 0-9 . _ -`);
      if (map.has(id)) throw new KeyRingError(`key "${id}" is there twice`);
      if (key.byteLength !== KEY_BYTES) {
        throw new KeyRingError(`key "${id}" has ${key.byteLength} bytes, it must have ${KEY_BYTES}`);
      }
      map.set(id, Buffer.from(key));
    }
    this.#keys = map;
    this.primaryId = primary.id;
  }

  /** Reads `id:base64` lines, the primary key first; blank lines and lines that begin with # are skipped. @throws KeyRingError */
  static parse(text: string): KeyRing {
    const lines = text.split(/[\n,]/u).map((line) => line.trim());
    const keys = lines.flatMap((line, i) => {
      if (line === '' || line.startsWith('#')) return [];
      const colon = line.indexOf(':');
      // The line itself is not shown: it may be a key whose id was forgotten.
      if (colon < 0) throw new KeyRingError(`key ${i + 1} must be written id:base64`);
      return [{ id: line.slice(0, colon).trim(), key: Buffer.from(line.slice(colon + 1).trim(), 'base64') }];
    });
    return new KeyRing(keys);
  }

  /** Reads a key file. @throws KeyRingError with the cause when it cannot be read. */
  static async fromFile(file: string): Promise<KeyRing> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (cause) {
      throw new KeyRingError(`key file ${file} cannot be read`, { cause });
    }
    return KeyRing.parse(text);
  }

  /** Reads the keys from an environment variable, separated by commas or line ends; none when it is not set. @throws KeyRingError */
  static fromEnvironment(
    environment: Readonly<Record<string, string | undefined>>,
    variable = 'CORRAL_CONFIG_KEYS',
  ): KeyRing | undefined {
    const text = environment[variable];
    return text === undefined || text.trim() === '' ? undefined : KeyRing.parse(text);
  }

  /** The key of that name, if it is in the ring. */
  key(id: string): Uint8Array | undefined {
    return this.#keys.get(id);
  }

  /** The key that encrypts. */
  get primaryKey(): Uint8Array {
    return this.#keys.get(this.primaryId)!;
  }

  /** Keys are not for logs. */
  toJSON(): unknown {
    return { primaryId: this.primaryId, ids: [...this.#keys.keys()] };
  }
}
