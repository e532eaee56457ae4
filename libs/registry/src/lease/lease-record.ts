import { InvalidInstanceError } from '../errors.js';
import type { InstancePatch } from '../instance/instance.js';
import { limits } from '../instance/limits.js';
import { newInstance, specOf } from '../registration/new-instance.js';
import type { Lease } from '../types.js';
import { decodeInstance, encodeInstance, type RegisteredInstance } from '../instance/curator-json.js';

/** What the ensemble keeps of a lease, so that any platform can go on with it. */
export interface LeaseRecord {
  readonly instance: RegisteredInstance;
  readonly ttlMs: number;
  /** The platform that holds the instance's ephemeral. */
  readonly keeper: string;
  /** Set while the instance drains: so long after the record was seen to say so, the lease ends. */
  readonly drainGraceMs?: number | undefined;
}

/** What a patch makes of a lease. A grace is that of a drain that begins; the drain goes on as long as the status says so. @throws InvalidInstanceError */
export function changedRecord(record: LeaseRecord, patch: InstancePatch, graceMs = record.drainGraceMs): LeaseRecord {
  const { instance, ttlMs, keeper } = record;
  const spec = { ...specOf(instance), ...patch, service: instance.service, id: instance.id };
  const changed = newInstance(spec, () => instance.id, instance.registeredAtMs);
  return {
    instance: { ...changed, ...(instance.lease && { lease: instance.lease }) },
    ttlMs,
    keeper,
    drainGraceMs: changed.status === 'DRAINING' ? graceMs : undefined,
  };
}

export function encodeLeaseRecord({ instance, ttlMs, keeper, drainGraceMs }: LeaseRecord): string {
  const { service, id } = instance;
  const json: unknown = JSON.parse(encodeInstance(instance));
  return JSON.stringify({ service, id, ttlMs, keeper, drainGraceMs, instance: json });
}

/** `undefined` when it cannot be read. */
export function decodeLeaseRecord(data: Buffer): LeaseRecord | undefined {
  try {
    const record = JSON.parse(data.toString('utf8')) as Record<string, unknown>;
    const { service, id, ttlMs, keeper, drainGraceMs } = record;
    if (typeof service !== 'string' || typeof id !== 'string') return undefined;
    if (typeof ttlMs !== 'number' || typeof keeper !== 'string') return undefined;
    const instance = decodeInstance(service, id, Buffer.from(JSON.stringify(record['instance'])));
    return typeof drainGraceMs === 'number' ? { instance, ttlMs, keeper, drainGraceMs } : { instance, ttlMs, keeper };
  } catch {
    return undefined;
  }
}

/** The lease as its holder sees it. */
export function leaseOf(leaseId: string, { instance, ttlMs }: LeaseRecord): Lease {
  return { leaseId, ttlMs, instance: { ...instance, health: 'unknown' } };
}

/** How long a lease may be. @throws InvalidInstanceError */
export function checkTtl(ttlMs: number): void {
  const { leaseTtlMsMin: min, leaseTtlMsMax: max } = limits;
  if (Number.isInteger(ttlMs) && ttlMs >= min && ttlMs <= max) return;
  throw new InvalidInstanceError('ttlMs', `must be a whole number from ${min} to ${max}, not ${String(ttlMs)}`);
}
