/** Room for a record, from Node's pool and not cleared: records are written in full. */
export const allocate = (sizeBytes: number): Buffer => Buffer.allocUnsafe(sizeBytes);
