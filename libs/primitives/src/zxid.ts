/**
 * The number of a transaction: the leader's epoch in the upper 32 bits, a counter within the epoch in the lower 32.
 *
 * It is a plain number, because a BigInt per request would cost more than the request. A double counts exactly up to 2^53,
 * which leaves 21 bits for the epoch: one election a second would need 24 days to use them up, one an hour 239 years.
 * `zxidOf` asserts the bound, so that the day it is reached is a clear stop and not a silent wrong order.
 */
export type Zxid = number & { readonly __brand: 'Zxid' };

/** 2^32, what one epoch is worth. */
const EPOCH_UNIT = 0x1_0000_0000;

/** The highest epoch that a Zxid can carry (2^21 - 1). */
export const EPOCH_MAX = 0x1f_ffff;

/** The highest counter within one epoch; after it the leader must stand for election again. */
export const COUNTER_MAX = 0xffff_ffff;

/** Before any transaction. */
export const ZXID_ZERO = 0 as Zxid;

/** Composes a zxid. @throws RangeError when a part is out of its range. */
export function zxidOf(epoch: number, counter: number): Zxid {
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > EPOCH_MAX) {
    throw new RangeError(`epoch ${String(epoch)} is outside 0..${String(EPOCH_MAX)}`);
  }
  if (!Number.isInteger(counter) || counter < 0 || counter > COUNTER_MAX) {
    throw new RangeError(`zxid counter ${String(counter)} is outside 0..${String(COUNTER_MAX)}`);
  }
  return (epoch * EPOCH_UNIT + counter) as Zxid;
}

/** The epoch in which the transaction was proposed. */
export function epochOf(zxid: Zxid): number {
  return Math.floor(zxid / EPOCH_UNIT);
}

/** The transaction's place within its epoch. */
export function counterOf(zxid: Zxid): number {
  return zxid >>> 0;
}

/** The zxid after this one, in the same epoch. @throws RangeError when the epoch's counter is used up. */
export function nextZxid(zxid: Zxid): Zxid {
  if (counterOf(zxid) === COUNTER_MAX) throw new RangeError(`epoch ${String(epochOf(zxid))} has no zxid left`);
  return (zxid + 1) as Zxid;
}

/** As ZooKeeper writes it for people: `0x100000003`. */
export function formatZxid(zxid: Zxid): string {
  return `0x${zxid.toString(16)}`;
}
