import {
  type Acl,
  type CreateRequest,
  CreateFlag,
  type DeleteRequest,
  OPEN_ACL,
  type PathWatchRequest,
  type SetDataRequest,
} from '@corral/model';

/** Bodies of requests, with what a test does not care about filled in. */
export const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');

export const createOf = (
  path: string | null,
  flags: number = CreateFlag.persistent,
  acl: readonly Acl[] = OPEN_ACL,
): CreateRequest => ({ path, data: bytesOf('data'), acl, flags });

export const setOf = (path: string, text: string, version = -1): SetDataRequest => ({
  path,
  data: bytesOf(text),
  version,
});

export const deleteOf = (path: string, version = -1): DeleteRequest => ({ path, version });

export const readOf = (path: string, watch = false): PathWatchRequest => ({ path, watch });
