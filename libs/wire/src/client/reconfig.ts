import type { ReconfigRequest } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

export {
  readGetDataResponse as readReconfigResponse,
  writeGetDataResponse as writeReconfigResponse,
} from './get-data.js';

/** reconfig. */
export function readReconfigRequest(reader: RecordReader): ReconfigRequest {
  return {
    joiningServers: reader.readString(),
    leavingServers: reader.readString(),
    newMembers: reader.readString(),
    curConfigId: reader.readLongBig(),
  };
}

export function writeReconfigRequest(writer: RecordWriter, request: ReconfigRequest): void {
  writer.writeString(request.joiningServers);
  writer.writeString(request.leavingServers);
  writer.writeString(request.newMembers);
  writer.writeLongBig(request.curConfigId);
}
