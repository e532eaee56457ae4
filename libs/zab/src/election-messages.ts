import type { ServerId, Zxid } from '@corral/primitives';

/* What members say to each other on the election port. */

/** Where a member can be reached. */
export interface PeerAddress {
  readonly host: string;
  readonly port: number;
}

/** The first thing that whoever opens an election connection says. */
export interface ElectionHello {
  readonly serverId: ServerId;
  /** The election addresses of the member: none before 3.5, one since, several with 3.6 and `multiAddress.enabled`. */
  readonly addresses: readonly PeerAddress[];
}

/** What a member is doing. */
export type PeerState = 'looking' | 'following' | 'leading' | 'observing';

/** Who should lead, and why. */
export interface Vote {
  readonly leader: ServerId;
  /** The last transaction of the one who should lead. */
  readonly zxid: Zxid;
  /** The epoch of its history. */
  readonly peerEpoch: number;
}

/** A member tells its vote, or, when it is not looking for a leader, whom it follows. */
export interface Notification {
  readonly state: PeerState;
  /** The round of the election, counted by each member. */
  readonly electionEpoch: number;
  /** Null from an observer that does not know a leader: it asks, and has no vote. */
  readonly vote: Vote | null;
  /** The member's view of the ensemble; null before 3.5. */
  readonly config: Uint8Array | null;
}
