import { LeaseNotFoundError } from '../errors.js';
import type { LeaseRecord } from './lease-record.js';

/** What a platform knows of a lease, its own or another's. Times are those of this platform's own clock. */
export interface KnownLease {
  record: LeaseRecord;
  version: number;
  /** The last sign of life: a renewal here, or a write of the record by anybody. */
  renewedAtMs: number;
  /** The last write of the record that was seen. */
  writtenAtMs: number;
  /** When it was first seen that the instance drains; `undefined` while it does not. */
  drainedAtMs: number | undefined;
  /** Whether an ephemeral of this session stands for it. */
  isHeld: boolean;
  isBusy: boolean;
}

/** A lease that nothing was known of. */
export function newLease(record: LeaseRecord, version: number, nowMs: number): KnownLease {
  const drainedAtMs = record.drainGraceMs === undefined ? undefined : nowMs;
  return { record, version, renewedAtMs: nowMs, writtenAtMs: nowMs, drainedAtMs, isHeld: false, isBusy: false };
}

/** The lease that was looked for. @throws LeaseNotFoundError */
export function found(leaseId: string, lease: KnownLease | undefined): KnownLease {
  if (lease === undefined) throw new LeaseNotFoundError(leaseId);
  return lease;
}

/** The record is now this one. A drain that goes on goes on from when it was first seen. */
export function recordIs(lease: KnownLease, record: LeaseRecord, nowMs: number): void {
  if (record.drainGraceMs !== lease.record.drainGraceMs) {
    lease.drainedAtMs = record.drainGraceMs === undefined ? undefined : nowMs;
  }
  lease.record = record;
}

/** Why a lease is over: its instance has drained, or nobody has renewed it. `undefined`: it is not. */
export function endOf(
  { record, drainedAtMs, renewedAtMs }: KnownLease,
  nowMs: number,
): 'drained' | 'expired' | undefined {
  if (drainedAtMs !== undefined && nowMs - drainedAtMs >= (record.drainGraceMs ?? 0)) return 'drained';
  return nowMs - renewedAtMs >= record.ttlMs ? 'expired' : undefined;
}
