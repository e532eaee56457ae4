import { type Acl, OPEN_ACL } from '@corral/model';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';

/** How many decoded lists are kept. A tree has few different ACLs, and every access check needs one. */
const CACHED_LISTS_MAX = 1024;

/** A longer encoding than this is decoded each time, so that the cache stays small whatever clients send. */
const CACHED_BYTES_MAX = 1024;

const NO_BYTES = Buffer.alloc(0);

/**
 * ACLs in the form in which znodes keep them: the wire's vector, or no bytes at all for world:anyone:all.
 * The implementation of the port `AclCodec` that `libs/znode` declares.
 */
export class JuteAclCodec {
  readonly #reader = new RecordReader();
  readonly #writer = new RecordWriter(256);
  /** Decoded lists by their bytes as Latin-1 text, oldest first. */
  readonly #decoded = new Map<string, readonly Acl[]>();

  /** The bytes to keep; they belong to the caller. */
  encode(acl: readonly Acl[]): Buffer {
    if (isOpenAcl(acl)) return NO_BYTES;
    this.#writer.clear();
    this.#writer.writeAcl(acl);
    return Buffer.from(this.#writer.buffer.subarray(0, this.#writer.length));
  }

  /** The list behind such bytes, frozen: the same object for the same bytes as long as it is remembered. */
  decode(bytes: Uint8Array): readonly Acl[] {
    if (bytes.length === 0) return OPEN_ACL;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (bytes.length > CACHED_BYTES_MAX) return this.#parse(buffer);
    const key = buffer.toString('latin1');
    const known = this.#decoded.get(key);
    if (known !== undefined) return known;
    const acl = this.#parse(buffer);
    if (this.#decoded.size >= CACHED_LISTS_MAX) this.#forgetOldest();
    this.#decoded.set(key, acl);
    return acl;
  }

  #parse(buffer: Buffer): readonly Acl[] {
    const acl = this.#reader.reset(buffer, 0, buffer.length).readAcl() ?? [];
    return Object.freeze(acl.map((entry) => Object.freeze(entry)));
  }

  #forgetOldest(): void {
    for (const key of this.#decoded.keys()) {
      this.#decoded.delete(key);
      return;
    }
  }
}

/** Whether a list means world:anyone:all, whoever made it. */
export function isOpenAcl(acl: readonly Acl[]): boolean {
  if (acl === OPEN_ACL) return true;
  const [open] = OPEN_ACL;
  const [entry] = acl;
  if (acl.length !== 1 || entry === undefined || open === undefined) return false;
  return entry.perms === open.perms && entry.scheme === open.scheme && entry.id === open.id;
}

const shared = new JuteAclCodec();

/** As `JuteAclCodec.encode`, by a codec that all share. */
export function encodeAcl(acl: readonly Acl[]): Buffer {
  return shared.encode(acl);
}

/** As `JuteAclCodec.decode`, by a codec that all share. */
export function decodeAcl(bytes: Uint8Array): readonly Acl[] {
  return shared.decode(bytes);
}
