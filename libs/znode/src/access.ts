import { type Acl, ErrorCode, type Identity, OPEN_ACL } from '@corral/model';
import { isIpRule, matchesIp } from './ip-rule.js';

/** The scheme of those who may do everything, whatever an ACL says. */
export const SUPER_SCHEME = 'super';

/**
 * Whether the ACL lets one of these identities do what `perms` names (any one of the bits will do, as in ZooKeeper).
 * An identity of scheme `super` always may.
 */
export function permits(acl: readonly Acl[], perms: number, identities: readonly Identity[]): boolean {
  if (acl === OPEN_ACL || acl.length === 0) return true;
  for (const entry of acl) {
    if ((entry.perms & perms) !== 0 && entry.scheme === 'world' && entry.id === 'anyone') return true;
  }
  for (const identity of identities) {
    if (identity.scheme === SUPER_SCHEME) return true;
    for (const entry of acl) {
      if ((entry.perms & perms) !== 0 && entry.scheme === identity.scheme && matches(entry, identity)) return true;
    }
  }
  return false;
}

function matches(entry: Acl, identity: Identity): boolean {
  if (entry.scheme === 'ip') return matchesIp(identity.id, entry.id);
  return entry.scheme === 'digest' && entry.id === identity.id;
}

/** More than any program needs; without a bound, one request could make the server work for minutes. */
const ACL_ENTRIES_MAX = 10_000;

/**
 * The ACL that a create or setACL request stands for: duplicates dropped, `auth` replaced by what the requester has proved.
 * Refuses lists that are empty, name unknown schemes or hold ids that their scheme does not know.
 */
export function resolveAcl(
  requested: readonly Acl[] | null,
  identities: readonly Identity[],
): readonly Acl[] | typeof ErrorCode.invalidAcl {
  if (requested === OPEN_ACL) return OPEN_ACL;
  if (requested === null || requested.length === 0) return ErrorCode.invalidAcl;
  const resolved: Acl[] = [];
  for (const entry of dropDuplicates(requested)) {
    if (resolved.length > ACL_ENTRIES_MAX) return ErrorCode.invalidAcl;
    if (entry.scheme === 'auth') {
      const proved = identities.filter((identity) => identity.scheme === 'digest');
      if (proved.length === 0) return ErrorCode.invalidAcl;
      for (const identity of proved) resolved.push({ perms: entry.perms, ...identity });
    } else if (isValid(entry)) {
      resolved.push(entry);
    } else {
      return ErrorCode.invalidAcl;
    }
  }
  return resolved;
}

function isValid(entry: Acl): boolean {
  switch (entry.scheme) {
    case 'world':
      return entry.id === 'anyone';
    case 'digest':
      return isDigestId(entry.id);
    case 'ip':
      return isIpRule(entry.id);
    default:
      return false;
  }
}

/** `user:hash`: two parts, where trailing empty ones do not count (ZooKeeper splits as Java does). */
function isDigestId(id: string): boolean {
  const parts = id.split(':');
  while (parts.length > 0 && parts.at(-1) === '') parts.pop();
  return parts.length === 2;
}

function dropDuplicates(acl: readonly Acl[]): readonly Acl[] {
  const seen = new Set<string>();
  return acl.filter((entry) => {
    const key = `${String(entry.perms)} ${entry.scheme} ${entry.id}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The ACL as those see it who may not administer the znode: digests without their hashes. */
export function maskDigests(acl: readonly Acl[]): readonly Acl[] {
  return acl.map((entry) => (entry.scheme === 'digest' ? { ...entry, id: entry.id.replace(/:.*/u, ':x') } : entry));
}
