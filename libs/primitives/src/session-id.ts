/**
 * A session's 64-bit number: the id of the member that opened it in the top byte, then the time, then a counter.
 * A BigInt, made once when the session opens and passed by reference afterwards; no request makes one.
 */
export type SessionId = bigint & { readonly __brand: 'SessionId' };

/** The numeric id of an ensemble member (`myid`), 0 to 255. */
export type ServerId = number & { readonly __brand: 'ServerId' };

/** No session: the owner of a znode that is not ephemeral, and the id in the handshake of a new client. */
export const NO_SESSION = 0n as SessionId;

/** A 64-bit value as a signed session id, the form that the wire and the log use. */
export function sessionIdOf(value: bigint): SessionId {
  return BigInt.asIntN(64, value) as SessionId;
}

/**
 * The first session id that a member hands out after it started; it counts up from there.
 * The layout is ZooKeeper's: member id, 40 bits of wall-clock milliseconds, 16 bits of counter.
 */
export function firstSessionId(serverId: ServerId, wallClockMs: number): SessionId {
  const timeBits = (BigInt(wallClockMs) << 24n) & 0xffff_ffff_ffff_ffffn;
  const id = sessionIdOf((BigInt(serverId) << 56n) | (timeBits >> 8n));
  // The lowest 64-bit number marks container znodes, so no session may own it.
  return id === BigInt.asIntN(64, 1n << 63n) ? sessionIdOf(id + 1n) : id;
}

/** The session id after this one. */
export function nextSessionId(id: SessionId): SessionId {
  return sessionIdOf(id + 1n);
}

/** As ZooKeeper writes it for people: `0x10000abcd0000`. */
export function formatSessionId(id: SessionId): string {
  return `0x${BigInt.asUintN(64, id).toString(16)}`;
}
