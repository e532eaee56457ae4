import type { AuthRequest } from '@corral/model';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** auth; its reply is a header alone. */
export function readAuthRequest(reader: RecordReader): AuthRequest {
  return { type: reader.readInt(), scheme: reader.readString(), auth: reader.readBuffer() };
}

export function writeAuthRequest(writer: RecordWriter, request: AuthRequest): void {
  writer.writeInt(request.type);
  writer.writeString(request.scheme);
  writer.writeBuffer(request.auth);
}
