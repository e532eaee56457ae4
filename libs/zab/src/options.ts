import type { ServerId } from '@corral/primitives';
import type { QuorumVerifier } from './quorum/quorum-verifier.js';
import type { Timing } from './timing.js';

/** Whether a member votes. */
export type Role = 'participant' | 'observer';

/** What a replica is told when it is made. */
export interface ReplicaOptions {
  readonly serverId: ServerId;
  readonly role: Role;
  /** Who votes, and which of their sets decide. */
  readonly quorums: QuorumVerifier;
  /** Who replicates without a vote. Nobody else is served. */
  readonly observers: readonly ServerId[];
  readonly timing: Timing;
  /** The configuration in the form that members tell each other; opaque here. Null where members older than 3.5 take part. */
  readonly config: Uint8Array | null;
  /** The last counter that an epoch uses before there is a new election; all that a zxid has room for when absent. */
  readonly counterMax?: number | undefined;
}
