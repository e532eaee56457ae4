export * from './errors.js';
export {
  type GrpcCheckSpec,
  type HealthCheckSpec,
  type HttpCheckSpec,
  type InstanceHealth,
  type InstanceLease,
  type InstancePatch,
  type InstanceSpec,
  type InstanceStatus,
  type ServiceInstance,
  type ServiceType,
  takesWork,
  type TcpCheckSpec,
  type UriSpec,
} from './instance/instance.js';
export { limits } from './instance/limits.js';
export { checkInstanceId, checkInstanceSpec, checkServiceName } from './instance/check-instance.js';
export { decodeInstance, encodeInstance, type PayloadStyle, type RegisteredInstance } from './instance/curator-json.js';
export type {
  ConsistentHashStrategy,
  EjectionOptions,
  PlainStrategy,
  StickyStrategy,
  Strategy,
  ZoneFirstStrategy,
} from './balancing/strategy.js';
export { GUARD_DEFAULTS, type GuardOptions } from './guard/guard-options.js';
export type * from './watch/service-update.js';
export type * from './types.js';
export { Registry } from './registry.js';
export { ServiceView } from './watch/service-view.js';
export { Layout } from './layout.js';
export type { Change } from './watch/history.js';
export { LeaseKeeper } from './lease/lease-keeper.js';
export type { LeaseKeeperOptions } from './lease/lease-keeper-options.js';
export { PlatformMembership } from './platform/membership.js';
export { HealthChecker, type HealthCheckerOptions } from './health/health-checker.js';
export { portOf, type Probe, type Probes, type ProbeTarget } from './health/probe.js';
export { httpProbe, networkProbes, tcpProbe } from './health/network-probes.js';
export { MassLossProber, type MassLossProberOptions } from './guard/mass-loss-prober.js';
