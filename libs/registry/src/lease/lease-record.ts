import { decodeInstance, encodeInstance, type RegisteredInstance } from '../instance/curator-json.js';

/** What the ensemble keeps of a lease, so that any platform can go on with it. */
export interface LeaseRecord {
  readonly instance: RegisteredInstance;
  readonly ttlMs: number;
  /** The platform that holds the instance's ephemeral. */
  readonly keeper: string;
}

export function encodeLeaseRecord({ instance, ttlMs, keeper }: LeaseRecord): string {
  const { service, id } = instance;
  return JSON.stringify({ service, id, ttlMs, keeper, instance: JSON.parse(encodeInstance(instance)) as unknown });
}

/** `undefined` when it cannot be read. */
export function decodeLeaseRecord(data: Buffer): LeaseRecord | undefined {
  try {
    const record = JSON.parse(data.toString('utf8')) as Record<string, unknown>;
    const { service, id, ttlMs, keeper } = record;
    if (typeof service !== 'string' || typeof id !== 'string') return undefined;
    if (typeof ttlMs !== 'number' || typeof keeper !== 'string') return undefined;
    return { instance: decodeInstance(service, id, Buffer.from(JSON.stringify(record['instance']))), ttlMs, keeper };
  } catch {
    return undefined;
  }
}
