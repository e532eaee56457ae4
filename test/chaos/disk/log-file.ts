/** Finds the transaction log of a server that has stopped, and where its records are: ZooKeeper's own file format. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const FILE_HEADER_BYTES = 16;
const RECORD_FRAME_BYTES = 8 + 4 + 1;

/** Where a record lies in its file. */
export interface LogRecord {
  readonly offset: number;
  readonly end: number;
}

/** The log files below a directory, oldest first. */
export function logFilesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^log\.[0-9a-f]+$/.test(basename(name)))
    .sort((a, b) => zxidOf(a) - zxidOf(b))
    .map((name) => join(directory, name));
}

/** The records of a log file, up to its padding. */
export function recordsOf(file: string): LogRecord[] {
  const bytes = readFileSync(file);
  const records: LogRecord[] = [];
  let offset = FILE_HEADER_BYTES;
  while (offset + RECORD_FRAME_BYTES <= bytes.length) {
    const length = bytes.readInt32BE(offset + 8);
    if (length <= 0) break;
    const end = offset + RECORD_FRAME_BYTES + length;
    records.push({ offset, end });
    offset = end;
  }
  return records;
}

function zxidOf(name: string): number {
  return Number.parseInt(basename(name).slice('log.'.length), 16);
}
