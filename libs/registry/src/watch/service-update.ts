import type { ServiceInstance } from '../instance/instance.js';

/**
 * Names a state of one service, for resuming a watch: `<zxid>-<digest>`, both hexadecimal. The zxid is the newest transaction that the
 * state is known to include, for people to read; the digest is that of the instances themselves, so that the same state has the same
 * digest whoever watches it, and a watch can be resumed with another platform.
 */
export type Revision = string;

interface UpdateBase {
  readonly service: string;
  readonly revision: Revision;
  /** Whether many instances vanished at once and are kept until the matter is clear; they are marked `guarded`. */
  readonly guarded: boolean;
  /** Whether the ensemble is out of reach, so that this is the last known state. */
  readonly stale: boolean;
}

/** All instances of the service: the first update, and the one after something may have been missed. */
export interface FullUpdate extends UpdateBase {
  readonly kind: 'full';
  readonly instances: readonly ServiceInstance[];
}

/** What is different from the update before; all three are empty when only `guarded` or `stale` changed, or when a resumed watch missed nothing. */
export interface DeltaUpdate extends UpdateBase {
  readonly kind: 'delta';
  readonly added: readonly ServiceInstance[];
  readonly updated: readonly ServiceInstance[];
  /** The ids. */
  readonly removed: readonly string[];
}

/** What `Registry.watch` yields. */
export type ServiceUpdate = FullUpdate | DeltaUpdate;

/** What `Registry.watchServices` yields: the names of all services, sorted, whenever one comes or goes. */
export interface ServicesUpdate {
  readonly services: readonly string[];
  readonly stale: boolean;
}

/** A znode below a service that is no instance; it is left out. */
export interface BadInstance {
  readonly service: string;
  readonly id: string;
  readonly error: Error;
}
