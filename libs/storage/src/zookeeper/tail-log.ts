import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Zxid, ZXID_ZERO } from '@corral/primitives';
import { makeDirectory, namesIn, syncDirectory } from '../file-system.js';
import type { Logger } from '../logger.js';
import { FileTransactionLog } from '../log/file-transaction-log.js';
import { listSegments } from '../log/segments.js';
import { TakeOverFailedError } from './errors.js';

/** Lies beside the log while the tree that it follows is not in its place. */
const MARK = 'taking-over';
/** With so much in memory it is time for a sync. */
const PENDING_BYTES_MAX = 4 * 1024 * 1024;

/**
 * The log of a member that is made from Apache's: what is behind its tree, and may yet be cut off. It is durable before the tree is moved to its
 * place, and until then it is marked as nothing that counts.
 */
export class TailLog {
  readonly #log: FileTransactionLog;

  /**
   * Begins anew, whatever an earlier attempt has left.
   * @throws TakeOverFailedError when there is a log that no take-over has made.
   */
  constructor(directory: string, logger: Logger) {
    makeDirectory(directory);
    const mark = join(directory, MARK);
    if (!existsSync(mark) && listSegments(directory).length > 0) {
      throw new TakeOverFailedError(
        `${directory} holds a log, but the tree that it belongs to is missing: put the tree back, or move the log away`,
      );
    }
    for (const name of namesIn(directory)) if (name !== MARK) rmSync(join(directory, name));
    writeFileSync(mark, '');
    syncDirectory(directory);
    this.#log = FileTransactionLog.open({ directory, appliedZxid: ZXID_ZERO, logger });
  }

  append(zxid: Zxid, bytes: Uint8Array): void {
    this.#log.append(zxid, bytes);
  }

  /** Lets the disk catch up. */
  async keepUp(): Promise<void> {
    if (this.#log.pendingBytes > PENDING_BYTES_MAX) await this.#sync();
  }

  /** Makes all of it durable. */
  async finish(): Promise<void> {
    await this.#sync();
    this.close();
  }

  close(): void {
    this.#log.close();
  }

  #sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#log.sync((error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  }
}

/** The tree is in its place, so the log counts. */
export function unmarkTail(directory: string): void {
  const mark = join(directory, MARK);
  if (!existsSync(mark)) return;
  rmSync(mark);
  syncDirectory(directory);
}
