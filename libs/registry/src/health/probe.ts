import type { HealthCheckSpec, ServiceInstance } from '../instance/instance.js';

/** What to try, and for how long. */
export interface ProbeTarget {
  readonly instance: ServiceInstance;
  readonly check: HealthCheckSpec;
  /** Aborted when the time is up. */
  readonly signal: AbortSignal;
}

/** Tries to reach an instance. Resolves when that went well; rejects with what went wrong. */
export type Probe = (target: ProbeTarget) => Promise<void>;

/** A probe for each kind of check. Without one for gRPC, instances that ask for it stay `unknown`. */
export interface Probes {
  readonly http: Probe;
  readonly tcp: Probe;
  readonly grpc?: Probe;
}

/** Where the check of an instance goes: the port it names, or the instance's own. */
export function portOf({ instance, check }: Pick<ProbeTarget, 'instance' | 'check'>): number {
  const isTls = check.kind !== 'tcp' && check.tls === true;
  const port = check.port ?? (isTls ? instance.sslPort : undefined) ?? instance.port ?? instance.sslPort;
  if (port === undefined) throw new Error('the instance has no port');
  return port;
}
