import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
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
  for (const directory of [layout.homeDirectory, layout.logDirectory]) {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  }
  return { layout, locks: await takeLocks(new Set([layout.homeDirectory, dirname(layout.logDirectory)]), log) };
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
