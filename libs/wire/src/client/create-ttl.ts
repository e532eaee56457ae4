import type { CreateTtlRequest } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

export {
  readCreate2Response as readCreateTtlResponse,
  writeCreate2Response as writeCreateTtlResponse,
} from './create2.js';

/** A TTL that no double holds is out of range anyway, and stays so as the largest number that one does hold. */
export function readCreateTtlRequest(reader: RecordReader): CreateTtlRequest {
  return {
    path: reader.readString(),
    data: reader.readBuffer(),
    acl: reader.readAcl(),
    flags: reader.readInt(),
    ttlMs: reader.readLongSaturated(),
  };
}

export function writeCreateTtlRequest(writer: RecordWriter, request: CreateTtlRequest): void {
  writer.writeString(request.path);
  writer.writeBuffer(request.data);
  writer.writeAcl(request.acl);
  writer.writeInt(request.flags);
  writer.writeLong(request.ttlMs);
}
