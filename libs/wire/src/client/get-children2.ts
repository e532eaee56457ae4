import type { Stat } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

export {
  readPathWatchRequest as readGetChildren2Request,
  writePathWatchRequest as writeGetChildren2Request,
} from './path-watch-request.js';

/** The answer to getChildren2. */
export interface GetChildren2Response {
  readonly children: readonly string[] | null;
  readonly stat: Stat;
}

export function readGetChildren2Response(reader: RecordReader): GetChildren2Response {
  return { children: reader.readStrings(), stat: reader.readStat() };
}

export function writeGetChildren2Response(writer: RecordWriter, response: GetChildren2Response): void {
  writer.writeStrings(response.children);
  writer.writeStat(response.stat);
}
