import { OpCode } from '@corral/model';
import { readCheckRequest, RecordReader, RecordWriter, writeMultiRequest } from '@corral/wire';

/**
 * A check that a client sent by itself, as the multi of one part that is passed on in its place. An Apache leader would propose it as it is, and no
 * Apache member can read such a transaction: all followers leave, and the log is lost.
 * @throws MalformedRecordError
 */
export function checkAsMulti(request: Uint8Array): Uint8Array {
  const buffer = Buffer.from(request.buffer, request.byteOffset, request.length);
  const check = readCheckRequest(new RecordReader().reset(buffer, 0, buffer.length));
  const writer = new RecordWriter(request.length + 64);
  writeMultiRequest(writer, [{ type: OpCode.check, ...check }]);
  return writer.buffer.subarray(0, writer.length);
}
