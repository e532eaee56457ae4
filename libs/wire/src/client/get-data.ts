import type { Stat } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

export {
  readPathWatchRequest as readGetDataRequest,
  writePathWatchRequest as writeGetDataRequest,
} from './path-watch-request.js';

/** The answer to getData, and to a reconfig, where the data is the new configuration. */
export interface GetDataResponse {
  readonly data: Uint8Array | null;
  readonly stat: Stat;
}

export function readGetDataResponse(reader: RecordReader): GetDataResponse {
  return { data: reader.readBuffer(), stat: reader.readStat() };
}

export function writeGetDataResponse(writer: RecordWriter, response: GetDataResponse): void {
  writer.writeBuffer(response.data);
  writer.writeStat(response.stat);
}
