import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Change, isSameOrBelow, OpCode, type Transaction } from '@corral/model';
import { formatSessionId, formatZxid, type Zxid } from '@corral/primitives';
import { readTransaction, RecordReader } from '@corral/wire';
import { SegmentReader } from '../log/segment-reader.js';
import { listSegments, type Segment, segmentIndexOf } from '../log/segments.js';
import { describeDetails, describeTime, describeType } from './describe.js';

/** Which part of a log is shown. */
export interface InspectLogOptions {
  /** Only transactions after this one. */
  readonly after?: Zxid;
  /** Only transactions up to this one. */
  readonly through?: Zxid;
  /** Only changes of this znode and those below it. */
  readonly path?: string;
  /** No more transactions than these. */
  readonly limit?: number;
}

/** Where the log files may lie inside the directory that somebody names: Corral's data directory, Apache's, or the files' own. */
const PLACES = ['.', 'corral/log', 'log', 'version-2'];

/**
 * A transaction log for a person, one line per transaction and one per change inside a multi. Reads only, works while a server is
 * using the directory, and goes on after damage with the next file.
 * @throws RangeError when there is no log in the directory.
 */
export function* inspectLog(directory: string, options: InspectLogOptions = {}): Iterable<string> {
  const segments = findSegments(directory);
  const from = segmentIndexOf(segments, ((options.after ?? 0) + 1) as Zxid);
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  for (const segment of segments.slice(from)) {
    if (segment.firstZxid > (options.through ?? Number.MAX_SAFE_INTEGER)) return;
    for (const line of segmentLines(segment, options)) {
      if (line.isTransaction && left-- <= 0) return;
      yield* line.text;
    }
  }
}

function findSegments(directory: string): Segment[] {
  for (const place of PLACES) {
    const segments = existsSync(join(directory, place)) ? listSegments(join(directory, place)) : [];
    if (segments.length > 0) return segments;
  }
  throw new RangeError(
    `there is no transaction log (log.*) in ${directory}, nor in ${PLACES.slice(1).join(', ')} below it`,
  );
}

function* segmentLines(
  segment: Segment,
  options: InspectLogOptions,
): Iterable<{ isTransaction: boolean; text: string[] }> {
  const reader = new SegmentReader(segment.path);
  const record = new RecordReader();
  try {
    yield { isTransaction: false, text: [`# ${segment.path}, ${String(reader.sizeBytes)} bytes`] };
    if (reader.checkHeader() !== 'good') {
      yield { isTransaction: false, text: [`# not readable: ${reader.problem || 'an incomplete file header'}`] };
      return;
    }
    let step = reader.next();
    for (; step === 'entry'; step = reader.next()) {
      if (reader.zxid <= (options.after ?? 0)) continue;
      if (reader.zxid > (options.through ?? Number.MAX_SAFE_INTEGER)) return;
      const { payload } = reader;
      const transaction = readTransaction(record.reset(payload, 0, payload.length));
      const text = transactionLines(transaction, options.path);
      if (text.length > 0) yield { isTransaction: true, text };
    }
    if (step === 'bad') {
      const next = reader.findEntry(reader.offset + 1, 0 as Zxid);
      const kind = next === undefined ? 'torn at the end' : `damaged, with a good entry at byte ${String(next)}`;
      yield { isTransaction: false, text: [`# ${kind}: byte ${String(reader.offset)}: ${reader.problem}`] };
    }
  } finally {
    reader.close();
  }
}

function transactionLines({ header, change }: Transaction, path: string | undefined): string[] {
  const changes: readonly Change[] = change.type === OpCode.multi ? [change, ...change.changes] : [change];
  if (path !== undefined && !changes.some((each) => touches(each, path))) return [];
  const [first, ...parts] = changes.map(changeText);
  const head = [formatZxid(header.zxid), describeTime(header.timeMs), formatSessionId(header.sessionId)].join('  ');
  return [`${head}  ${first!}`, ...parts.map((part) => `    ${part}`)];
}

function touches(change: Change, path: string): boolean {
  if ('path' in change) return isSameOrBelow(change.path, path);
  return change.type === OpCode.closeSession && (change.paths ?? []).some((each) => isSameOrBelow(each, path));
}

function changeText(change: Change): string {
  const parts = [describeType(change), 'path' in change ? change.path : '', describeDetails(change)];
  return parts.filter((part) => part !== '').join('  ');
}
