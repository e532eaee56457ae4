import type { SetAclRequest } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

export { readStatResponse as readSetAclResponse, writeStatResponse as writeSetAclResponse } from './stat-response.js';

/** setACL. */
export function readSetAclRequest(reader: RecordReader): SetAclRequest {
  return { path: reader.readString(), acl: reader.readAcl(), version: reader.readInt() };
}

export function writeSetAclRequest(writer: RecordWriter, request: SetAclRequest): void {
  writer.writeString(request.path);
  writer.writeAcl(request.acl);
  writer.writeInt(request.version);
}
