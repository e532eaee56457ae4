import { type SessionId, sessionIdOf } from '@corral/primitives';

/**
 * ZooKeeper says in one 64-bit field of the stat who owns a znode: a session, or, with values that no session id takes,
 * that it is a container or that it has a time to live.
 */
export const CONTAINER_OWNER = BigInt.asIntN(64, 1n << 63n) as SessionId;

/** Top byte 0xff marks an extended kind, the next two bytes say which; 0 is a TTL. The rest is the TTL in milliseconds. */
const EXTENDED_MASK = 0xff00_0000_0000_0000n;
const KIND_MASK = 0x00ff_ff00_0000_0000n;
const TTL_MASK = 0x0000_00ff_ffff_ffffn;

/** The longest time to live that fits the field, about 34 years. */
export const TTL_MS_MAX = Number(TTL_MASK);

/** Member ids from here up would make session ids that look like TTLs. */
export const SERVER_ID_MAX = 254;

/** What keeps a znode alive. */
export type Ownership =
  | { readonly kind: 'persistent' }
  | { readonly kind: 'ephemeral'; readonly sessionId: SessionId }
  | { readonly kind: 'container' }
  | { readonly kind: 'ttl'; readonly ttlMs: number };

const PERSISTENT: Ownership = Object.freeze({ kind: 'persistent' });
const CONTAINER: Ownership = Object.freeze({ kind: 'container' });

/** The owner field of a znode that lives for `ttlMs` after its last change, without children. */
export function ttlOwner(ttlMs: number): SessionId {
  return sessionIdOf(EXTENDED_MASK | BigInt(ttlMs));
}

/** Reads the owner field. */
export function ownershipOf(owner: SessionId): Ownership {
  if (owner === 0n) return PERSISTENT;
  if (owner === CONTAINER_OWNER) return CONTAINER;
  const bits = BigInt.asUintN(64, owner);
  if ((bits & EXTENDED_MASK) === EXTENDED_MASK && (bits & KIND_MASK) === 0n) {
    return { kind: 'ttl', ttlMs: Number(bits & TTL_MASK) };
  }
  return { kind: 'ephemeral', sessionId: owner };
}
