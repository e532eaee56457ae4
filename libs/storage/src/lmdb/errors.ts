import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** The tree's file could not be written. What was not durable stays in memory and is read from there; nothing more is written. */
export class TreeStoreFailedError extends Error {
  override readonly name = 'TreeStoreFailedError';

  constructor(
    readonly file: string,
    cause: unknown,
  ) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`the tree could not be written to ${file}: ${why}${spaceHint(file)}`, { cause });
  }
}

/** The tree's file was written by a version of Corral that this one does not know. */
export class TreeStoreFormatError extends Error {
  override readonly name = 'TreeStoreFormatError';

  constructor(file: string, found: number, known: number) {
    super(
      `${file} has format ${String(found)}, and this version of Corral knows formats up to ${String(known)}: ` +
        'start the newer version that wrote it',
    );
  }
}

/** What stands in the place of the tree's file is none. */
export class TreeFileDamagedError extends Error {
  override readonly name = 'TreeFileDamagedError';

  constructor(
    readonly file: string,
    problem: string,
  ) {
    super(
      `${file} ${problem}: put the tree back from a backup, or, in an ensemble, move the data directory away so that this member gets ` +
        'everything from the others; the log alone does not tell everything',
    );
  }
}

const LITTLE_SPACE_BYTES = 16 * 1024 * 1024;

/** LMDB calls a full disk an input/output error, so this looks for itself. */
function spaceHint(file: string): string {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    const freeBytes = bavail * bsize;
    return freeBytes < LITTLE_SPACE_BYTES ? ` (the disk is full: ${String(freeBytes)} bytes are free)` : '';
  } catch {
    return '';
  }
}

/** A snapshot refers to something that it does not hold. */
export class SnapshotIncompleteError extends Error {
  override readonly name = 'SnapshotIncompleteError';
}
