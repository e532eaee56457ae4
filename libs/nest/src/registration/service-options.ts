import type { InstanceSpec } from '@corral/registry';

/** How this process is registered. */
export interface ServiceOptions extends Omit<InstanceSpec, 'service' | 'address' | 'status'> {
  /** The name others find it by. */
  readonly name: string;
  /**
   * The address others are told. Absent: found out, see `advertisedAddress`; in a container that is the address of the interface towards the
   * ensemble. Give it where others reach this process through something that it cannot see, such as a published port.
   */
  readonly address?: string;
  /** The port others are told. Absent: the one the server listens on, also when it was asked for port 0. */
  readonly port?: number;
  /** How long clients are given to turn away before the registration is gone; 1 s. */
  readonly drainGraceMs?: number;
  /** How long the whole departure may take before the shutdown goes on without it; 5 s. */
  readonly leaveTimeoutMs?: number;
}
