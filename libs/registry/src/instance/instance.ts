/** What a service says of one of its instances, and what consumers see of it. */

/** `DRAINING`: finishes what it has, takes nothing new, leaves soon. */
export type InstanceStatus = 'UP' | 'DOWN' | 'DRAINING';

/** What the active checks of the platforms found; `unknown` when nobody checks. */
export type InstanceHealth = 'passing' | 'failing' | 'unknown';

/** What every kind of active check can be told. */
interface CheckTiming {
  /** From one check to the next; 10,000. */
  readonly intervalMs?: number;
  /** How long one check may take; 2,000. */
  readonly timeoutMs?: number;
  /** How many good checks in a row make a failing instance a passing one; 2. */
  readonly rise?: number;
  /** How many bad checks in a row make a passing instance a failing one; 3. */
  readonly fall?: number;
}

/** A request that must be answered with a status of 2xx, or with one of `statuses`. */
export interface HttpCheckSpec extends CheckTiming {
  readonly kind: 'http';
  /** `/health`, on the instance's own address. */
  readonly path?: string;
  /** The instance's `port` by default; its `sslPort` with `tls`. */
  readonly port?: number;
  readonly tls?: boolean;
  readonly statuses?: readonly number[];
}

/** A connection that must be accepted. */
export interface TcpCheckSpec extends CheckTiming {
  readonly kind: 'tcp';
  readonly port?: number;
}

/** The call `grpc.health.v1.Health/Check`, which must answer SERVING. */
export interface GrpcCheckSpec extends CheckTiming {
  readonly kind: 'grpc';
  readonly port?: number;
  readonly tls?: boolean;
  /** Whose health to ask for; the whole server's by default. */
  readonly serviceName?: string;
}

/** An active check that an instance asks the platforms for. */
export type HealthCheckSpec = HttpCheckSpec | TcpCheckSpec | GrpcCheckSpec;

/** A template of the instance's URI, as Curator keeps it: literal parts, and variables such as `scheme`, `address`, `port`. */
export interface UriSpec {
  readonly parts: readonly { readonly value: string; readonly variable: boolean }[];
}

/** Curator's kinds of registration. Corral registers `DYNAMIC` ones. */
export type ServiceType = 'DYNAMIC' | 'STATIC' | 'PERMANENT' | 'DYNAMIC_SEQUENTIAL';

/** What an instance says of itself when it registers. */
export interface InstanceSpec {
  /** The service that it is an instance of. */
  readonly service: string;
  /** Unique in the service; a random one by default. */
  readonly id?: string;
  /** Host name or IP address that consumers connect to. */
  readonly address: string;
  readonly port?: number;
  readonly sslPort?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Where it runs; consumers of the same zone may prefer it. */
  readonly zone?: string;
  /** Its share of the load beside the others, from 0 (none) to 1,000,000; 1. */
  readonly weight?: number;
  readonly version?: string;
  /** `UP` by default. */
  readonly status?: InstanceStatus;
  readonly check?: HealthCheckSpec;
  readonly uriSpec?: UriSpec;
}

/** The lease that keeps an instance which has no session of its own. */
export interface InstanceLease {
  readonly leaseId: string;
  readonly ttlMs: number;
}

/** An instance as consumers see it. */
export interface ServiceInstance extends InstanceSpec {
  readonly id: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly weight: number;
  readonly status: InstanceStatus;
  readonly health: InstanceHealth;
  /** When it registered, by its own clock, in milliseconds since 1970. */
  readonly registeredAtMs: number;
  readonly serviceType: ServiceType;
  readonly lease?: InstanceLease;
  /** Its registration vanished together with many others; it is the last that was known of it, until the matter is clear. */
  readonly guarded?: true;
}

/** What `Registration.update` can change; the rest of an instance is what it is. */
export type InstancePatch = Partial<Omit<InstanceSpec, 'service' | 'id'>>;

/** Whether new work may be sent to the instance. */
export function takesWork(instance: ServiceInstance): boolean {
  return instance.status === 'UP' && instance.health !== 'failing';
}
