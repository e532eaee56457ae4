import { IntegrityError } from '../errors.js';
import { type ContentRef, type EncodedContent } from './content.js';
import { decodeRecord, type ReleaseRecord, type ReleaseRef } from './record.js';

/*
 * A record's znode is a line that says how to read and check the rest, and the rest. So history can be read without the pointer,
 * which names the current records only.
 */

const LINE_END = 0x0a;

/** The bytes of a record's znode. */
export function encodeRecordZnode({ ref, bytes }: EncodedContent): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(ref)}\n`), bytes]);
}

/** The reference in a record's znode, and the bytes that it is about. @throws IntegrityError */
export function splitRecordZnode(data: Buffer, where: string): { record: ContentRef; bytes: Buffer } {
  const end = data.indexOf(LINE_END);
  try {
    const record = JSON.parse(data.toString('utf8', 0, Math.max(0, end))) as ContentRef;
    return { record, bytes: data.subarray(end + 1) };
  } catch (cause) {
    throw new IntegrityError(where, 'is not the record of a release', { cause });
  }
}

/** Reads a record's znode. `ref` is what the pointer says of it, if it was the pointer that led here. @throws IntegrityError */
export function decodeRecordZnode(
  data: Buffer,
  release: number,
  ref: ReleaseRef | undefined,
  where: string,
): ReleaseRecord {
  const { record, bytes } = splitRecordZnode(data, where);
  return decodeRecord(ref ?? { release, record }, bytes, where);
}
