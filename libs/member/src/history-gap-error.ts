import { formatZxid, type Zxid } from '@corral/primitives';

/** The log does not begin where the tree ends: files of one of them are gone, and to go on would be to serve without some writes. */
export class HistoryGapError extends Error {
  override readonly name = 'HistoryGapError';

  constructor(
    /** The newest transaction that the tree holds. */
    readonly treeZxid: Zxid,
    /** The oldest one after it that the log holds. */
    readonly logZxid: Zxid,
  ) {
    super(
      `the tree ends at ${formatZxid(treeZxid)} and the log goes on at ${formatZxid(logZxid)}: transactions between them are missing; ` +
        'put the missing files of the tree or the log back, from a backup if need be',
    );
  }
}
