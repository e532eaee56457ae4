import { createHash } from 'node:crypto';
import type { AuthRequest, Identity } from '@corral/model';
import { SUPER_SCHEME } from '@corral/znode';

/**
 * The identities that an auth request proves; none when it proves nothing, and then the connection is closed.
 * `digest` proves that somebody knows a password by naming it; who may use it is the ACL's matter.
 */
export function identitiesProvedBy(
  request: AuthRequest,
  remoteAddress: string,
  superDigest: string | undefined,
): readonly Identity[] {
  if (request.scheme === 'ip') return [{ scheme: 'ip', id: remoteAddress }];
  if (request.scheme !== 'digest' || request.auth === null) return [];
  const id = digestOf(Buffer.from(request.auth).toString('utf8'));
  const identity = { scheme: 'digest', id };
  return id === superDigest ? [{ scheme: SUPER_SCHEME, id: '' }, identity] : [identity];
}

/** `user:base64(sha1(user:password))`, ZooKeeper's form of a digest id. */
export function digestOf(userAndPassword: string): string {
  const colon = userAndPassword.indexOf(':');
  const user = colon === -1 ? userAndPassword : userAndPassword.slice(0, colon);
  return `${user}:${createHash('sha1').update(userAndPassword, 'utf8').digest('base64')}`;
}
