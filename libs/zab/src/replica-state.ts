import type { ServerId } from '@corral/primitives';
import type { PeerState } from './election-messages.js';

/** How far a member is on its way: it serves in the last phase only. */
export type Phase = 'election' | 'discovery' | 'synchronization' | 'broadcast';

/** What a replica is doing. */
export interface ReplicaState {
  readonly doing: PeerState;
  readonly phase: Phase;
  /** Who leads, itself included; null during an election. */
  readonly leader: ServerId | null;
  /** The leader's epoch, once agreed upon; null before. */
  readonly epoch: number | null;
  /** Why, in words for a log line. */
  readonly reason: string;
}
