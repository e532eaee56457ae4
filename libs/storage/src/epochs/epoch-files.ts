import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EPOCH_MAX, epochOf, errorCodeOf, formatZxid, type Zxid } from '@corral/primitives';
import { makeDirectory, syncDirectory } from '../file-system.js';
import { EpochFilesError } from './errors.js';

/** Apache's names for them. */
const ACCEPTED_FILE = 'acceptedEpoch';
const CURRENT_FILE = 'currentEpoch';
export const EPOCH_FILES = [ACCEPTED_FILE, CURRENT_FILE] as const;

const CURE = 'put the matching file back, or empty this member so that it gets everything from the others';

/** How they are opened. */
export interface EpochFilesOptions {
  /** Apache's `<dataDir>/version-2`; made when it is missing. */
  readonly directory: string;
  /** The end of the member's history, log included. */
  readonly lastZxid: Zxid;
}

/**
 * The two epochs that a member has promised to remember, in the files of Apache ZooKeeper and in its form (a decimal number), so that
 * a data directory can change hands. Each is written beside its place and moved there once it is on disk.
 */
export class EpochFiles {
  readonly #directory: string;
  #accepted: number;
  #current: number;

  private constructor(directory: string, accepted: number, current: number) {
    this.#directory = directory;
    this.#accepted = accepted;
    this.#current = current;
  }

  /**
   * Reads the epochs; those of a member that never was in an ensemble follow from its history.
   * @throws EpochFilesError when a file holds no epoch, or one that the log contradicts.
   */
  static open({ directory, lastZxid }: EpochFilesOptions): EpochFiles {
    makeDirectory(directory);
    const lastEpoch = epochOf(lastZxid);
    const current = readEpoch(join(directory, CURRENT_FILE)) ?? lastEpoch;
    const accepted = readEpoch(join(directory, ACCEPTED_FILE)) ?? current;
    const stale = `${join(directory, ACCEPTED_FILE)} says ${String(accepted)}`;
    if (accepted < current)
      throw new EpochFilesError(`${stale}, which is older than ${CURRENT_FILE}, ${String(current)}: ${CURE}`);
    if (accepted < lastEpoch) {
      throw new EpochFilesError(
        `${stale}, but log and tree go to ${formatZxid(lastZxid)}, which is of epoch ${String(lastEpoch)}: one of them is from another ` +
          `time or another member; ${CURE}`,
      );
    }
    const files = new EpochFiles(directory, accepted, current);
    // It went down after it had logged what its leader sent, and before it noted the epoch. Whoever has a transaction of an epoch has all before it.
    if (current < lastEpoch) files.storeCurrentEpoch(lastEpoch);
    return files;
  }

  /** The newest epoch that the member has promised to a leader. */
  get acceptedEpoch(): number {
    return this.#accepted;
  }

  /** The epoch of the leader whose history the member has taken on. */
  get currentEpoch(): number {
    return this.#current;
  }

  /** Returns when it is on disk. */
  storeAcceptedEpoch(epoch: number): void {
    writeEpoch(this.#directory, ACCEPTED_FILE, epoch);
    this.#accepted = epoch;
  }

  /** Returns when it is on disk. */
  storeCurrentEpoch(epoch: number): void {
    writeEpoch(this.#directory, CURRENT_FILE, epoch);
    this.#current = epoch;
  }
}

function readEpoch(path: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const epoch = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (epoch >= 0 && epoch <= EPOCH_MAX) return epoch;
  throw new EpochFilesError(
    `${path} holds ${JSON.stringify(text.slice(0, 40))}; allowed: a number from 0 to ${String(EPOCH_MAX)}`,
  );
}

function writeEpoch(directory: string, name: string, epoch: number): void {
  const path = join(directory, name);
  const draft = `${path}.tmp`;
  const fd = openSync(draft, 'w');
  try {
    writeSync(fd, String(epoch));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, path);
  syncDirectory(directory);
}
