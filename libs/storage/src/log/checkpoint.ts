import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodeOf, type Zxid } from '@corral/primitives';
import type { Logger } from '../logger.js';
import type { EntryMark } from './entry-index.js';

const FILE_NAME = 'checkpoint';

/**
 * A note beside the log files of an entry that the tree has already, so that a restart need not read what comes before it. It is a
 * hint and nothing more: it is written without care, and believed only when exactly that entry stands at that place.
 */
export class Checkpoint {
  readonly #file: string;
  readonly #logger: Logger;
  #written: EntryMark | undefined;

  constructor(directory: string, logger: Logger) {
    this.#file = join(directory, FILE_NAME);
    this.#logger = logger;
  }

  /** What the last process noted, if it noted anything that makes sense. */
  read(): EntryMark | undefined {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch (error) {
      if (errorCodeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
    const numbers = /^zxid (\d+) in segment (\d+) at byte (\d+)\n$/u.exec(text)?.slice(1).map(Number);
    if (numbers?.every(Number.isSafeInteger) !== true) return undefined;
    const [zxid, segmentZxid, offset] = numbers as [Zxid, Zxid, number];
    return { zxid, segmentZxid, offset };
  }

  /** Notes an entry, unless it is the one that is noted already. */
  write(mark: EntryMark | undefined): void {
    if (mark === undefined || mark === this.#written) return;
    this.#written = mark;
    const { zxid, segmentZxid, offset } = mark;
    const text = `zxid ${String(zxid)} in segment ${String(segmentZxid)} at byte ${String(offset)}\n`;
    try {
      writeFileSync(this.#file, text);
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      this.#logger('warn', 'could not note a checkpoint', { file: this.#file, cause });
    }
  }
}
