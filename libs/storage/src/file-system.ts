/** The few file operations that need care: syncing a directory, making one durably, writing a whole range. */

import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCodeOf } from '@corral/primitives';

/** Makes the names in a directory durable: created, renamed and removed files survive a power cut only after this. */
export function syncDirectory(path: string): void {
  syncFile(path);
}

/** Makes a file's contents durable, whoever wrote them. */
export function syncFile(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The same without holding up the loop: for a large file that takes seconds. */
export async function syncFileAside(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Creates a directory and its missing parents, durably. */
export function makeDirectory(path: string): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) syncDirectory(dirname(made));
}

/** Writes the whole range; one system call unless the kernel takes less. */
export function writeFully(fd: number, bytes: Uint8Array, lengthBytes: number, position: number): void {
  let written = 0;
  while (written < lengthBytes) {
    written += writeSync(fd, bytes, written, lengthBytes - written, position + written);
  }
}

/** The names in a directory; none when it does not exist. */
export function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
