import type { Zxid } from '@corral/primitives';
import { RecordReader, readTransaction } from '@corral/wire';
import type { TreeStore } from '@corral/znode';
import { LogDamagedError } from '../log/errors.js';
import { SegmentReader } from '../log/segment-reader.js';
import { type Segment, segmentIndexOf } from '../log/segments.js';
import type { Logger } from '../logger.js';
import { FuzzyReplay } from './fuzzy-replay.js';

/** How many transactions are applied before the taker is asked whether it keeps up. */
const PAUSE_TRANSACTIONS = 1000;

/** What a replay works with. */
export interface LogReplay {
  readonly store: TreeStore;
  readonly logs: readonly Segment[];
  /** The last transaction that goes into the store; all of them unless told. */
  readonly through?: Zxid;
  /** Takes what comes behind that one. */
  readonly tail?: (zxid: Zxid, bytes: Uint8Array) => void;
  /** Awaited now and then, so that the takers keep up. */
  readonly pause: () => Promise<void>;
  readonly logger: Logger;
}

/** What was read. */
export interface ReplayedLogs {
  readonly files: readonly string[];
  readonly transactionCount: number;
  /** How many were beyond what goes into the store. */
  readonly tailCount: number;
}

/**
 * Applies to the store what the logs hold beyond its zxid. A torn record at the end of a file is passed over: Apache leaves it
 * where a crash put it and begins another file.
 * @throws LogDamagedError when a file has good records after bad ones.
 */
export async function replayLogs(options: LogReplay): Promise<ReplayedLogs> {
  const { store, logs, logger, pause, tail, through = Infinity } = options;
  const replay = new FuzzyReplay(store);
  const record = new RecordReader();
  const files: string[] = [];
  let transactionCount = 0;
  let tailCount = 0;
  for (const { zxid, bytes } of entriesAfter({ logs, logger, files }, store.state.appliedZxid)) {
    if (zxid <= through) {
      replay.apply(readTransaction(record.reset(bytes, 0, bytes.length)));
      transactionCount += 1;
    } else {
      tail?.(zxid, bytes);
      tailCount += 1;
    }
    if ((transactionCount + tailCount) % PAUSE_TRANSACTIONS === 0) await pause();
  }
  replay.removeOrphans();
  return { files, transactionCount, tailCount };
}

/** Logs that are only read. */
export interface ForeignLogs {
  readonly logs: readonly Segment[];
  readonly logger: Logger;
  /** Is told what was read. */
  readonly files: string[];
}

/**
 * The entries after a zxid, each valid until the next, out of logs that are left as they are.
 * @throws LogDamagedError when a file has good records after bad ones.
 */
export function* entriesAfter(
  { logs, logger, files }: ForeignLogs,
  after: Zxid,
): Iterable<{ zxid: Zxid; bytes: Buffer }> {
  let lastZxid = after;
  for (const log of logs.slice(segmentIndexOf(logs, (after + 1) as Zxid))) {
    const reader = new SegmentReader(log.path);
    try {
      if (!isReadable(reader, log, logger)) continue;
      files.push(log.path);
      let step = reader.next();
      for (; step === 'entry'; step = reader.next()) {
        if (reader.zxid <= lastZxid) continue;
        lastZxid = reader.zxid;
        yield { zxid: lastZxid, bytes: reader.payload };
      }
      if (step === 'bad') passOver(reader, log, lastZxid, logger);
    } finally {
      reader.close();
    }
  }
}

function isReadable(reader: SegmentReader, log: Segment, logger: Logger): boolean {
  const header = reader.checkHeader();
  if (header === 'bad') throw new LogDamagedError(log.path, 0, reader.problem);
  if (header === 'torn') logger('warn', 'passed over a log file without a header', { file: log.path });
  return header === 'good';
}

function passOver(reader: SegmentReader, log: Segment, lastZxid: Zxid, logger: Logger): void {
  const { offset, problem } = reader;
  const next = reader.findEntry(offset + 1, lastZxid);
  if (next !== undefined) {
    throw new LogDamagedError(log.path, offset, `${problem}, and a good entry follows at byte ${String(next)}`);
  }
  logger('warn', 'passed over a torn record at the end of a log file', { file: log.path, offset, problem });
}
