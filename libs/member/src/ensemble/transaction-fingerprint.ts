/** Session, cxid, zxid, time and type: the same bytes in every member's log, whereas what follows may have a digest or not. */
const HEADER_BYTES = 32;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Tells a transaction from any other that has the same zxid in another ensemble: FNV-1a of its header, 32 bits. */
export function fingerprintOfTransaction(bytes: Uint8Array): number {
  let hash = FNV_OFFSET;
  const end = Math.min(HEADER_BYTES, bytes.length);
  for (let at = 0; at < end; at += 1) hash = Math.imul(hash ^ bytes[at]!, FNV_PRIME);
  return hash | 0;
}
