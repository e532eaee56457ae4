import { HistoryGapError } from '@corral/member';
import { systemFaultInWords } from '@corral/primitives';
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
  LogDamagedError,
  LogFailedError,
  TreeFileDamagedError,
  TreeStoreFailedError,
  TreeStoreFormatError,
  TakeOverFailedError,
  DirectoryInUseError,
  HistoryGapError,
];

/**
 * What went wrong, in a sentence for the person at the terminal; `place` is named where the error names none. `undefined`: a bug, which needs
 * its stack.
 */
export function faultInWords(error: unknown, place: string): string | undefined {
  if (error instanceof StartFailedError) return error.message;
  if (CLEAR_ERRORS.some((clear) => error instanceof clear)) return describeError(error);
  return systemFaultInWords(error, place);
}

/** The same as an error to throw; a bug comes back as it is. */
export function startFailureOf(error: unknown, config: CoordinatorConfig): unknown {
  const sentence = faultInWords(error, config.dataDirectory);
  return sentence === undefined ? error : new StartFailedError(sentence, { cause: error });
}
