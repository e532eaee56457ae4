/*
 * The JSON of a znode under `/services/<service>/<id>`, as Curator's x-discovery writes and reads it (JsonInstanceSerializer):
 *
 *   name, id, address, port, sslPort, payload, registrationTimeUTC, serviceType, uriSpec, and `enabled` from Curator 4 on.
 *
 * What Curator has no field for stands in one more, `corral`, which its readers ignore, whatever payload class they are built with. The
 * payload would be the wrong place: Curator hands each program an error for every payload of another class than its own. It is null,
 * unless the registry is told to write the one that Spring Cloud Zookeeper's programs look for their metadata in.
 */
import { InstanceFormatError } from '../errors.js';
import type {
  HealthCheckSpec,
  InstanceLease,
  InstanceStatus,
  ServiceInstance,
  ServiceType,
  UriSpec,
} from './instance.js';
import { springPayload, springStatus, springUriSpec } from './spring-payload.js';

/** `none` suits every Curator program; `spring` also tells Spring Cloud Zookeeper metadata, status and URI, and breaks Curator programs that lack its classes. */
export type PayloadStyle = 'none' | 'spring';

const SERVICE_TYPES: readonly string[] = [
  'DYNAMIC',
  'STATIC',
  'PERMANENT',
  'DYNAMIC_SEQUENTIAL',
] satisfies ServiceType[];

/** What a registration writes; health and guard are not its own to say. */
export type RegisteredInstance = Omit<ServiceInstance, 'health' | 'guarded'>;

/** The field `corral`. */
interface CorralPart {
  readonly status: InstanceStatus;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly zone?: string;
  readonly weight?: number;
  readonly version?: string;
  readonly check?: HealthCheckSpec;
  readonly lease?: InstanceLease;
}

/** The text of the instance's znode. */
export function encodeInstance(instance: RegisteredInstance, payload: PayloadStyle = 'none'): string {
  const { service: name, id, metadata } = instance;
  const corral: CorralPart = {
    status: instance.status,
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(instance.zone !== undefined && { zone: instance.zone }),
    ...(instance.weight !== 1 && { weight: instance.weight }),
    ...(instance.version !== undefined && { version: instance.version }),
    ...(instance.check !== undefined && { check: instance.check }),
    ...(instance.lease !== undefined && { lease: instance.lease }),
  };
  return JSON.stringify({
    name,
    id,
    address: instance.address,
    port: instance.port ?? null,
    sslPort: instance.sslPort ?? null,
    payload: payload === 'spring' ? springPayload(instance) : null,
    registrationTimeUTC: instance.registeredAtMs,
    serviceType: instance.serviceType,
    uriSpec: payload === 'spring' ? springUriSpec(instance) : (instance.uriSpec ?? null),
    // Curator's own providers leave out what is not enabled.
    enabled: instance.status === 'UP',
    corral,
  });
}

/**
 * Reads a znode, whoever wrote it. Unknown fields are ignored; of a wrong value in a field that can be done without, the default is taken.
 * The znode's path says which service and instance it is: names inside it may differ (Curator does not check them).
 * @throws InstanceFormatError when it is no JSON object or has no address
 */
export function decodeInstance(service: string, id: string, data: Uint8Array): RegisteredInstance {
  const root = parse(data);
  const address = root['address'];
  if (typeof address !== 'string' || address === '') throw new InstanceFormatError('`address` is no text');
  const corral = objectOr(root['corral']);
  const metadata = textsOf((isObject(root['corral']) ? corral : objectOr(root['payload']))['metadata']);
  const weight = corral['weight'];
  const registeredAtMs = root['registrationTimeUTC'];
  const serviceType = root['serviceType'];
  return {
    service,
    id,
    address,
    ...portOf('port', root['port']),
    ...portOf('sslPort', root['sslPort']),
    metadata,
    ...textOf('zone', corral['zone']),
    weight: typeof weight === 'number' && weight >= 0 && Number.isFinite(weight) ? weight : 1,
    ...textOf('version', corral['version']),
    status: statusOf(corral['status'] ?? springStatus(metadata), root['enabled']),
    registeredAtMs: typeof registeredAtMs === 'number' ? registeredAtMs : 0,
    serviceType:
      typeof serviceType === 'string' && SERVICE_TYPES.includes(serviceType) ? (serviceType as ServiceType) : 'DYNAMIC',
    ...checkOf(corral['check']),
    ...leaseOf(corral['lease']),
    ...uriSpecOf(root['uriSpec']),
  };
}

function parse(data: Uint8Array): Record<string, unknown> {
  let root: unknown;
  try {
    root = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8'));
  } catch (cause) {
    throw new InstanceFormatError('it is no JSON', { cause });
  }
  if (!isObject(root)) throw new InstanceFormatError('it is no JSON object');
  return root;
}

/** Corral's own status, else Spring's (`OUT_OF_SERVICE` and what else is not `UP` is down), else Curator's `enabled`. */
function statusOf(status: unknown, enabled: unknown): InstanceStatus {
  if (status === 'UP' || status === 'DOWN' || status === 'DRAINING') return status;
  if (typeof status === 'string') return 'DOWN';
  return enabled === false ? 'DOWN' : 'UP';
}

function checkOf(value: unknown): { check?: HealthCheckSpec } {
  const kind = objectOr(value)['kind'];
  return kind === 'http' || kind === 'tcp' || kind === 'grpc' ? { check: value as HealthCheckSpec } : {};
}

function leaseOf(value: unknown): { lease?: InstanceLease } {
  const { leaseId, ttlMs } = objectOr(value);
  return typeof leaseId === 'string' && typeof ttlMs === 'number' ? { lease: { leaseId, ttlMs } } : {};
}

function uriSpecOf(value: unknown): { uriSpec?: UriSpec } {
  const parts = objectOr(value)['parts'];
  if (!Array.isArray(parts)) return {};
  return {
    uriSpec: {
      parts: parts
        .filter(isObject)
        .map((part) => ({ value: String(part['value']), variable: part['variable'] === true })),
    },
  };
}

function portOf<Key extends string>(key: Key, value: unknown): Partial<Record<Key, number>> {
  return Number.isInteger(value) ? ({ [key]: value } as Record<Key, number>) : {};
}

function textOf<Key extends string>(key: Key, value: unknown): Partial<Record<Key, string>> {
  return typeof value === 'string' ? ({ [key]: value } as Record<Key, string>) : {};
}

function textsOf(value: unknown): Record<string, string> {
  const entries = Object.entries(objectOr(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}

function objectOr(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
