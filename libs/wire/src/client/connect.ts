import type { ConnectRequest, ConnectResponse } from '@corral/model';
import type { Zxid } from '@corral/primitives';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/*
 * The first frame in either direction. Clients older than 3.4 end it before the read-only byte, and want a reply without it.
 */

/** A zxid that no double holds is far ahead of any member, and stays so as the largest number that one does hold. */
export function readConnectRequest(reader: RecordReader): ConnectRequest {
  return {
    protocolVersion: reader.readInt(),
    lastZxidSeen: reader.readLongSaturated() as Zxid,
    timeoutMs: reader.readInt(),
    sessionId: reader.readLongBig(),
    password: reader.readBuffer(),
    readOnly: reader.remaining === 0 ? undefined : reader.readBool(),
  };
}

export function writeConnectRequest(writer: RecordWriter, request: ConnectRequest): void {
  writer.writeInt(request.protocolVersion);
  writer.writeLong(request.lastZxidSeen);
  writer.writeInt(request.timeoutMs);
  writer.writeLongBig(request.sessionId);
  writer.writeBuffer(request.password);
  if (request.readOnly !== undefined) writer.writeBool(request.readOnly);
}

export function readConnectResponse(reader: RecordReader): ConnectResponse {
  return {
    protocolVersion: reader.readInt(),
    timeoutMs: reader.readInt(),
    sessionId: reader.readLongBig(),
    password: reader.readBuffer() ?? Buffer.alloc(0),
    readOnly: reader.remaining === 0 ? undefined : reader.readBool(),
  };
}

export function writeConnectResponse(writer: RecordWriter, response: ConnectResponse): void {
  writer.writeInt(response.protocolVersion);
  writer.writeInt(response.timeoutMs);
  writer.writeLongBig(response.sessionId);
  writer.writeBuffer(response.password);
  if (response.readOnly !== undefined) writer.writeBool(response.readOnly);
}
