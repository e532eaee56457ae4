import type { CreateRequest } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** create; create2 and createContainer have the same request. */
export function readCreateRequest(reader: RecordReader): CreateRequest {
  return {
    path: reader.readString(),
    data: reader.readBuffer(),
    acl: reader.readAcl(),
    flags: reader.readInt(),
  };
}

export function writeCreateRequest(writer: RecordWriter, request: CreateRequest): void {
  writer.writeString(request.path);
  writer.writeBuffer(request.data);
  writer.writeAcl(request.acl);
  writer.writeInt(request.flags);
}

/** The path that was created, with its sequence number. */
export function readCreateResponse(reader: RecordReader): string | null {
  return reader.readString();
}

export function writeCreateResponse(writer: RecordWriter, path: string | null): void {
  writer.writeString(path);
}
