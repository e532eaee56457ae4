/**
 * ZooKeeper's log file, as bytes:
 *
 *     header   int32 "ZKLG", int32 version 2, int64 database id 0
 *     entry    int64 Adler-32 of the payload, int32 length, payload, byte "B"
 *     padding  zeros up to the end of the file
 *
 * A payload begins with the transaction's header: int64 session, int32 cxid, int64 zxid, int64 time, int32 type. That is all the
 * log knows about it.
 */

import type { Zxid } from '@corral/primitives';

export const LOG_MAGIC = 0x5a4b_4c47;
export const LOG_VERSION = 2;
export const FILE_HEADER_BYTES = 16;

/** Checksum and length, in front of the payload. */
export const ENTRY_HEADER_BYTES = 12;
/** What an entry costs beside its payload. */
export const ENTRY_FRAME_BYTES = ENTRY_HEADER_BYTES + 1;
export const ENTRY_END = 0x42;

const PAYLOAD_ZXID = 12;
/** The shortest payload: a transaction header. */
export const PAYLOAD_BYTES_MIN = 32;
/** The longest payload that is believed; `jute.maxbuffer` is far below it. */
export const PAYLOAD_BYTES_MAX = 256 * 1024 * 1024;

/** The first bytes of every log file. */
export function encodeFileHeader(): Buffer {
  const header = Buffer.alloc(FILE_HEADER_BYTES);
  header.writeInt32BE(LOG_MAGIC, 0);
  header.writeInt32BE(LOG_VERSION, 4);
  return header;
}

/** Writes a number below 2^53 as an int64. */
export function writeLong(bytes: Buffer, value: number, at: number): void {
  bytes.writeInt32BE(Math.floor(value / 0x1_0000_0000), at);
  bytes.writeUInt32BE(value >>> 0, at + 4);
}

/** Reads an int64 that is known to fit a double. */
export function readLong(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);
}

/** The zxid that a payload carries in its transaction header. */
export function zxidOfPayload(bytes: Buffer, payloadAt: number): Zxid {
  return readLong(bytes, payloadAt + PAYLOAD_ZXID) as Zxid;
}

/** `log.1a2b` for the segment whose first entry has that zxid. */
export function segmentFileName(firstZxid: Zxid): string {
  return `log.${firstZxid.toString(16)}`;
}

/** The zxid in a segment's name, or undefined when the name is not a segment's. */
export function zxidOfFileName(name: string): Zxid | undefined {
  const match = /^log\.([0-9a-f]{1,14})$/.exec(name);
  if (match === null) return undefined;
  const zxid = Number.parseInt(match[1]!, 16);
  return Number.isSafeInteger(zxid) ? (zxid as Zxid) : undefined;
}
