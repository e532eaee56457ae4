import { HistoryGapError } from '@corral/member';
import {
  EpochFilesError,
  LogDamagedError,
  LogFailedError,
  TakeOverFailedError,
  TreeFileDamagedError,
  TreeStoreFailedError,
  TreeStoreFormatError,
} from '@corral/storage';
import type { CoordinatorConfig } from '../configuration/coordinator-config.js';
import { describeError } from '../logging/line-logger.js';
import { DirectoryInUseError } from './directory-lock.js';

/** The server could not start, for a reason that a person can do something about. */
export class StartFailedError extends Error {
  override readonly name = 'StartFailedError';
}

/** Errors whose messages are written for people already. */
const CLEAR_ERRORS = [
  EpochFilesError,
  StartFailedError,
  LogDamagedError,
  LogFailedError,
  TreeFileDamagedError,
  TreeStoreFailedError,
  TreeStoreFormatError,
  TakeOverFailedError,
  DirectoryInUseError,
  HistoryGapError,
];

/** Turns what went wrong into a sentence for the person at the terminal; a bug comes back as it is, with its stack. */
export function startFailureOf(error: unknown, config: CoordinatorConfig): unknown {
  if (!(error instanceof Error)) return error;
  if (CLEAR_ERRORS.some((clear) => error instanceof clear))
    return new StartFailedError(describeError(error), { cause: error });
  const { code, port, address, path } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  const where = port === undefined ? (path ?? config.dataDirectory) : `${address ?? ''}:${port}`;
  const sentence = sentenceFor(code, where);
  return sentence === undefined ? error : new StartFailedError(sentence, { cause: error });
}

function sentenceFor(code: string | undefined, where: string): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `${where} is taken: another program listens there`;
    case 'EADDRNOTAVAIL':
      return `${where} is not an address of this machine`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${where}: the host name has no address`;
    case 'EACCES':
    case 'EPERM':
      return `${where}: permission denied`;
    case 'ENOENT':
      return `${where} does not exist`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${where} is not a directory`;
    case 'ENOSPC':
      return `${where}: no space left on the disk`;
    case 'EROFS':
      return `${where}: the file system is read-only`;
    default:
      return undefined;
  }
}
