import type { Stat } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** The answer of every operation that answers with a stat alone: exists, setData, setACL, check. */
export function readStatResponse(reader: RecordReader): Stat {
  return reader.readStat();
}

export function writeStatResponse(writer: RecordWriter, stat: Stat): void {
  writer.writeStat(stat);
}
