import type { Stat } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

export { readCreateRequest as readCreate2Request, writeCreateRequest as writeCreate2Request } from './create.js';

/** The answer to create2, createContainer and createTTL. */
export interface Create2Response {
  readonly path: string | null;
  readonly stat: Stat;
}

export function readCreate2Response(reader: RecordReader): Create2Response {
  return { path: reader.readString(), stat: reader.readStat() };
}

export function writeCreate2Response(writer: RecordWriter, response: Create2Response): void {
  writer.writeString(response.path);
  writer.writeStat(response.stat);
}
