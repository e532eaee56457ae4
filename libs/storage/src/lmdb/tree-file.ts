import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { TreeFileDamagedError } from './errors.js';

/** Where LMDB's first page has its mark, and the mark. */
const MAGIC_OFFSET = 24;
const MAGIC = 0xbeefc0de;

/**
 * Looks whether a file can be LMDB's before LMDB maps it: it takes any bytes for its own, and ends the process with them.
 * No file at all is fine, and so is an empty one.
 * @throws TreeFileDamagedError when it is something else.
 */
export function checkTreeFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || (found.isFile() && found.size === 0)) return;
  if (!found.isFile()) throw new TreeFileDamagedError(file, 'is not a file');
  if (readMagic(file) !== MAGIC) throw new TreeFileDamagedError(file, 'does not begin as a tree does');
}

function readMagic(file: string): number | undefined {
  const bytes = Buffer.alloc(4);
  const fd = openSync(file, 'r');
  try {
    return readSync(fd, bytes, 0, 4, MAGIC_OFFSET) === 4 ? bytes.readUInt32LE(0) : undefined;
  } finally {
    closeSync(fd);
  }
}
