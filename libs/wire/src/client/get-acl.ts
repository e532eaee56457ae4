import type { Acl, Stat } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

export { readPathRequest as readGetAclRequest, writePathRequest as writeGetAclRequest } from './path-request.js';

/** The answer to getACL. */
export interface GetAclResponse {
  readonly acl: readonly Acl[] | null;
  readonly stat: Stat;
}

export function readGetAclResponse(reader: RecordReader): GetAclResponse {
  return { acl: reader.readAcl(), stat: reader.readStat() };
}

export function writeGetAclResponse(writer: RecordWriter, response: GetAclResponse): void {
  writer.writeAcl(response.acl);
  writer.writeStat(response.stat);
}
