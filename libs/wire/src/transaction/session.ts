import { type CloseSessionChange, OpCode } from '@corral/model';
import { TRANSACTION_DIGEST_SIZE_BYTES, TRANSACTION_DIGEST_VERSION } from './digest.js';
import type { RecordReader } from '../record-reader.js';
import type { RecordWriter } from '../record-writer.js';

/** The paths that go with the session; without them, nothing. */
export function writeCloseSessionChange(writer: RecordWriter, change: CloseSessionChange): void {
  if (change.paths !== null) writer.writeStrings(change.paths);
}

/** Members before 3.6, and later ones so configured, write no paths; what stands in their place may be the digest. */
export function readCloseSessionChange(reader: RecordReader): CloseSessionChange {
  const hasPaths = reader.remaining > 0 && !isDigestOnly(reader);
  return { type: OpCode.closeSession, paths: hasPaths ? reader.readStrings() : null };
}

/** As paths these bytes would be two empty strings, which no session owns. */
function isDigestOnly(reader: RecordReader): boolean {
  if (reader.remaining !== TRANSACTION_DIGEST_SIZE_BYTES) return false;
  const at = reader.offset;
  const version = reader.readInt();
  reader.offset = at;
  return version === TRANSACTION_DIGEST_VERSION;
}
