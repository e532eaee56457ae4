import type { ServerId, Zxid } from '@corral/primitives';
import type { ReplicaState } from '@corral/zab';

/** A learner as its leader sees it. */
export interface LearnerStatus {
  /** Undefined for one so old that it does not say. */
  readonly serverId: ServerId | undefined;
  readonly remote: string;
  readonly role: 'follower' | 'observer';
  /** It has taken on the leader's history. */
  readonly isSynced: boolean;
  /** The newest transaction that it has acknowledged; 0 from observers, which acknowledge none. */
  readonly ackedZxid: Zxid;
  /** Transactions of this epoch that it has not acknowledged. */
  readonly lag: number;
  readonly unsentBytes: number;
}

/** A member's place in its ensemble. */
export interface EnsembleStatus {
  readonly serverId: ServerId;
  readonly state: ReplicaState;
  /** How many members vote. */
  readonly quorumSize: number;
  readonly committedZxid: Zxid;
  /** The newest transaction in the log. */
  readonly loggedZxid: Zxid;
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
  /** Syncs of this learner's clients that the leader has not answered. */
  readonly pendingSyncs: number;
  /** Of a leader. */
  readonly learners: readonly LearnerStatus[];
}
