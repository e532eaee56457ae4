import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** A step of a SASL exchange is one token, in either direction. */
export function readSaslRequest(reader: RecordReader): Buffer | null {
  return reader.readBuffer();
}

export function writeSaslRequest(writer: RecordWriter, token: Uint8Array | null): void {
  writer.writeBuffer(token);
}

export { readSaslRequest as readSaslResponse, writeSaslRequest as writeSaslResponse };
