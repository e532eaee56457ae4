import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCodeOf } from '@corral/primitives';
import type { CoordinatorConfig } from '../configuration/coordinator-config.js';
import type { Logger } from '../logging/line-logger.js';
import { DirectoryLock, LockUnsupportedError } from './directory-lock.js';
import { StartFailedError } from './start-failure.js';
import { type StorageLayout, storageLayoutOf } from './storage-layout.js';

/** The member's own directories, there and writable, and the lock on them. */
export interface PreparedDirectories {
  readonly layout: StorageLayout;
  /** One for each directory; none where the file system cannot lock. */
  readonly locks: readonly DirectoryLock[];
}

/** Makes the directories and takes the lock. @throws StartFailedError, DirectoryInUseError, or what the file system says. */
export async function prepareDirectories(config: CoordinatorConfig, log: Logger): Promise<PreparedDirectories> {
  const layout = storageLayoutOf(config);
  for (const directory of [config.dataDirectory, config.logDirectory]) {
    if (!config.directoriesCreated && !existsSync(directory)) {
      throw new StartFailedError(`${directory} does not exist, and the configuration says not to create it`);
    }
  }
  makeUsable('dataDir', config.dataDirectory, layout.homeDirectory);
  makeUsable('dataLogDir', config.logDirectory, layout.logDirectory);
  return { layout, locks: await takeLocks(new Set([layout.homeDirectory, dirname(layout.logDirectory)]), log) };
}

/** Makes a directory of ours in the one that the configuration names. @throws StartFailedError that names the latter, as its file does */
function makeUsable(key: string, configured: string, own: string): void {
  try {
    mkdirSync(own, { recursive: true });
    accessSync(own, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const place = `${key} ${configured}`;
    const file = pathsTo(own).find((path) => isFile(path));
    if (file !== undefined) {
      const sentence = file === configured ? 'is not a directory' : `cannot be used: ${file} is not a directory`;
      throw new StartFailedError(`${place} ${sentence}`, { cause: error });
    }
    if (NOT_ALLOWED.has(errorCodeOf(error) ?? '')) {
      throw new StartFailedError(`${place} is not one that this user may read and write`, { cause: error });
    }
    throw error;
  }
}

const NOT_ALLOWED: ReadonlySet<string> = new Set(['EACCES', 'EPERM']);

/** The path, and every directory above it, from the root on. */
function pathsTo(path: string): string[] {
  return dirname(path) === path ? [path] : [...pathsTo(dirname(path)), path];
}

function isFile(path: string): boolean {
  try {
    return !statSync(path).isDirectory();
  } catch {
    return false;
  }
}

async function takeLocks(directories: ReadonlySet<string>, log: Logger): Promise<DirectoryLock[]> {
  const locks: DirectoryLock[] = [];
  for (const directory of directories) {
    try {
      locks.push(await DirectoryLock.take(directory));
    } catch (error) {
      if (!(error instanceof LockUnsupportedError)) {
        for (const lock of locks) lock.release();
        throw error;
      }
      log('warn', 'the file system cannot lock this directory; take care that only one server uses it', { directory });
    }
  }
  return locks;
}
