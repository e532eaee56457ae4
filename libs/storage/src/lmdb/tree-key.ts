/**
 * The key of a znode in LMDB, written straight into LMDB's own buffers. LMDB's keys end at 1,978 bytes, a znode's path does not:
 *
 *     short path   [depth uint16][path]                      up to 1,900 bytes of UTF-8
 *     long path    [0xffff][SHA-256 of the parent's path][name, or its first 256 bytes and its SHA-256]
 *
 * so that the children of a znode are one contiguous range, two when some of them have long paths. Under a long key the value
 * begins with the path itself.
 */

import { createHash } from 'node:crypto';
import { parentPath } from '@corral/model';

const SHORT_PATH_BYTES_MAX = 1900;
/** No character takes more than three bytes per UTF-16 unit: a path of so few units is short whatever is in it. */
const SURELY_SHORT_UNITS_MAX = Math.floor(SHORT_PATH_BYTES_MAX / 3);
const NAME_BYTES_MAX = 1900;
const NAME_PREFIX_BYTES = 256;
const LONG_MARK = 0xffff;
const SLASH = 0x2f;

/** Where the path begins in a short key. */
export const PATH_AT = 2;
/** The root's key is the only one so short. */
export const ROOT_KEY_BYTES = PATH_AT + 1;

/** What a key is given as: a path, or the bytes themselves, as the ends of a range are. */
export type TreeKey = string | Buffer;

/** The short key of a path that stands somewhere as bytes, in memory that is used again and again. */
export class PathKey {
  readonly bytes = Buffer.allocUnsafeSlow(PATH_AT + SHORT_PATH_BYTES_MAX);
  length = 0;
  /** Where the parent's path ends; that of the root's children at its slash. */
  parentEnd = 0;

  /** Takes a path; answers false when it is not plain ASCII or needs a long key, and must be given as a string. */
  take(source: Uint8Array, start: number, end: number): boolean {
    if (end - start > SHORT_PATH_BYTES_MAX) return false;
    const { bytes } = this;
    let depth = 0;
    let lastSlash = PATH_AT;
    let to = PATH_AT;
    for (let at = start; at < end; at += 1) {
      const byte = source[at]!;
      if (byte > 0x7f) return false;
      if (byte === SLASH) {
        depth += 1;
        lastSlash = to;
      }
      bytes[to] = byte;
      to += 1;
    }
    if (end - start === 1) depth = 0;
    bytes[0] = depth >>> 8;
    bytes[1] = depth & 0xff;
    this.length = to;
    this.parentEnd = Math.max(lastSlash, ROOT_KEY_BYTES);
    return true;
  }

  /** Whether it is behind the other in the order of keys. */
  isAfter(other: PathKey): boolean {
    return this.bytes.compare(other.bytes, 0, other.length, 0, this.length) > 0;
  }

  /** Whether both have the same parent. */
  isSiblingOf(other: PathKey): boolean {
    if (this.parentEnd !== other.parentEnd) return false;
    for (let at = 0; at < this.parentEnd; at += 1) if (this.bytes[at] !== other.bytes[at]) return false;
    return true;
  }

  get parentPath(): string {
    return this.bytes.toString('latin1', PATH_AT, this.parentEnd);
  }
}

/** Whether the path needs a long key. */
export function isLongPath(path: string): boolean {
  return path.length > SURELY_SHORT_UNITS_MAX && Buffer.byteLength(path) > SHORT_PATH_BYTES_MAX;
}

/** Whether the path of a child needs a long key. */
export function isLongChild(parent: string, name: string): boolean {
  // Cheap first: a path of at most 600 units is never long.
  return parent.length + name.length > 600 && isLongPath(parent.length === 1 ? `/${name}` : `${parent}/${name}`);
}

/**
 * LMDB's hook: writes the key into `target` at `start` and returns where it ends.
 * @throws RangeError when the target ends first; LMDB then brings a fresh buffer.
 */
export function writeTreeKey(key: TreeKey | PathKey, target: Buffer, start: number): number {
  if (typeof key !== 'string')
    return key instanceof PathKey ? writePathKey(key, target, start) : writeBytes(key, target, start);
  if (key.length > SURELY_SHORT_UNITS_MAX && isLongPath(key)) return writeBytes(longKey(key), target, start);
  const pathAt = start + 2;
  if (pathAt + key.length * 3 > target.length) requireRoom(pathAt + Buffer.byteLength(key), target);
  let depth = 0;
  let at = pathAt;
  for (let index = 0; index < key.length; index++) {
    const unit = key.charCodeAt(index);
    if (unit > 0x7f) {
      at = pathAt + target.write(key, pathAt);
      depth = depthOf(key);
      break;
    }
    if (unit === SLASH) depth++;
    target[at++] = unit;
  }
  if (key.length === 1) depth = 0;
  target[start] = depth >>> 8;
  target[start + 1] = depth & 0xff;
  return at;
}

/** The bytes of the range that holds the children with short paths, `[start, end)`; none when the parent leaves no room for a name. */
export function shortChildRange(parent: string): { start: Buffer; end: Buffer; prefixBytes: number } | undefined {
  const prefix = parent.length === 1 ? parent : `${parent}/`;
  if (isLongPath(`${prefix}n`)) return undefined;
  const start = Buffer.allocUnsafe(2 + Buffer.byteLength(prefix));
  start.writeUInt16BE(parent.length === 1 ? 1 : depthOf(parent) + 1, 0);
  start.write(prefix, 2);
  const end = Buffer.from(start);
  end[end.length - 1] = SLASH + 1;
  return { start, end, prefixBytes: start.length };
}

/** The bytes of the range that holds the children with long paths. */
export function longChildRange(parent: string): { start: Buffer; end: Buffer } {
  const start = longPrefix(parent);
  const end = Buffer.from(start);
  for (let at = end.length - 1; at >= 0; at--) {
    end[at] = (end[at]! + 1) & 0xff;
    if (end[at] !== 0) break;
  }
  return { start, end };
}

/** Whether the key that begins there stands for a long path. */
export function isLongKey(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === LONG_MARK >> 8 && bytes[start + 1] === (LONG_MARK & 0xff);
}

/** The path in a key, or undefined when it is a long one. */
export function pathOfKey(key: Buffer): string | undefined {
  return isLongKey(key, 0) ? undefined : key.toString('utf8', 2);
}

function depthOf(path: string): number {
  if (path.length === 1) return 0;
  let depth = 0;
  for (let at = 0; at < path.length; at++) if (path.charCodeAt(at) === SLASH) depth++;
  return depth;
}

function longKey(path: string): Buffer {
  const parent = parentPath(path);
  const name = Buffer.from(path.slice(parent.length === 1 ? 1 : parent.length + 1));
  const tail =
    name.length <= NAME_BYTES_MAX ? name : Buffer.concat([name.subarray(0, NAME_PREFIX_BYTES), sha256(name)]);
  return Buffer.concat([longPrefix(parent), tail]);
}

function longPrefix(parent: string): Buffer {
  return Buffer.concat([Buffer.from([LONG_MARK >> 8, LONG_MARK & 0xff]), sha256(parent)]);
}

function sha256(of: string | Buffer): Buffer {
  return createHash('sha256').update(of).digest();
}

function writePathKey({ bytes, length }: PathKey, target: Buffer, start: number): number {
  requireRoom(start + length, target);
  for (let at = 0; at < length; at += 1) target[start + at] = bytes[at]!;
  return start + length;
}

function writeBytes(bytes: Buffer, target: Buffer, start: number): number {
  requireRoom(start + bytes.length, target);
  target.set(bytes, start);
  return start + bytes.length;
}

function requireRoom(end: number, target: Buffer): void {
  if (end > target.length) throw new RangeError('the key does not fit the buffer');
}
