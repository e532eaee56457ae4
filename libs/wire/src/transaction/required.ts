import type { Acl } from '@corral/model';
import { MalformedRecordError } from '../errors.js';
import type { RecordReader } from '../record-reader.js';

/** A path that cannot be null: a transaction was checked before it was written. */
export function requirePath(reader: RecordReader): string {
  const at = reader.offset;
  const path = reader.readString();
  if (path === null) throw new MalformedRecordError('path of a transaction', at, 'a path, not null');
  return path;
}

/** An ACL that cannot be null, for the same reason. */
export function requireAcl(reader: RecordReader): readonly Acl[] {
  const at = reader.offset;
  const acl = reader.readAcl();
  if (acl === null) throw new MalformedRecordError('ACL of a transaction', at, 'a list, not null');
  return acl;
}
