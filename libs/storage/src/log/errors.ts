/** A write or a sync of the log failed. Whether the bytes are on disk is unknown, so the log takes nothing more until a restart. */
export class LogFailedError extends Error {
  override readonly name = 'LogFailedError';

  constructor(file: string, doing: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`the transaction log failed ${doing} ${file}: ${why}`, { cause });
  }
}

/** The log holds bytes that no crash leaves behind. Starting over them could lose acknowledged transactions, so it does not start. */
export class LogDamagedError extends Error {
  override readonly name = 'LogDamagedError';

  constructor(
    readonly file: string,
    readonly offset: number,
    readonly what: string,
  ) {
    super(
      `the transaction log is damaged: ${file} at byte ${String(offset)}: ${what}. ` +
        'Restore this file from a copy. In an ensemble, move the data directory away and start again: the member fetches everything ' +
        `from the others. Otherwise keep a copy of the directory, cut the file with "truncate -s ${String(offset)}", remove the log ` +
        'files after it, and accept that transactions from there on are lost.',
    );
  }
}
