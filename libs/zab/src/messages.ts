import type { ServerId, SessionId, Zxid } from '@corral/primitives';

/*
 * What a leader and its learners (followers and observers) say to each other on the quorum port, in the order of a learner's
 * life: discovery, synchronization, broadcast. Transactions and configurations are opaque bytes here.
 */

/** Who a learner is. Each field came later than the one before it; a learner of an old version ends earlier. */
export interface LearnerInfo {
  readonly serverId: ServerId;
  /** Undefined before 3.3; 0x10000 since 3.4, see `PROTOCOL_VERSION`. */
  readonly protocolVersion: number | undefined;
  /** The version of the configuration that the learner uses; undefined before 3.5. */
  readonly configVersion: number | undefined;
  /** What the learner can do beyond ZooKeeper, bits of `Features`, behind the fields that ZooKeeper reads; absent from one that is not Corral. */
  readonly features?: number | undefined;
}

/** What two Corral members can do with each other. Towards others the protocol is ZooKeeper's, to the letter. */
export const Features = {
  /** An ack or a commit stands for all before it too, so one is enough for many. */
  cumulative: 1,
  /** The closer watch of `Timing.heartbeat`, where both have set it. */
  heartbeat: 2,
} as const;

/** The protocol of ZooKeeper 3.4 and all later releases, with an epoch that is agreed upon before anything is sent. */
export const PROTOCOL_VERSION = 0x10000;

/** Discovery, the learner's first word: which epoch it has accepted. */
export interface LearnerInfoMessage {
  readonly kind: 'follower-info' | 'observer-info';
  /** The first zxid of the last epoch that the learner accepted. */
  readonly acceptedZxid: Zxid;
  /** Null from a learner so old that it does not say. */
  readonly learner: LearnerInfo | null;
}

/** Discovery: the leader proposes its epoch, as the epoch's first zxid. */
export interface LeaderInfoMessage {
  readonly kind: 'leader-info';
  readonly epochZxid: Zxid;
  readonly protocolVersion: number;
  /** As in `LearnerInfo`. */
  readonly features?: number | undefined;
}

/** Discovery: the learner accepts the epoch and tells its history. */
export interface AckEpochMessage {
  readonly kind: 'ack-epoch';
  readonly lastZxid: Zxid;
  /** The epoch of the learner's history; null when it had accepted this leader's epoch before, which then does not count as an acceptance. */
  readonly currentEpoch: number | null;
}

/**
 * Synchronization: how the learner gets to the leader's history. diff and trunc are followed by proposals and commits, snap by the
 * tree itself, which is not a message.
 */
export interface SyncPlanMessage {
  readonly kind: 'diff' | 'trunc' | 'snap';
  readonly zxid: Zxid;
  /** That of the plan, behind what ZooKeeper reads; absent from a leader that is not Corral or does not know it. */
  readonly fingerprint?: number | undefined;
}

/** Synchronization: the end of the history that the learner must have on disk before it acknowledges the leader. */
export interface NewLeaderMessage {
  readonly kind: 'new-leader';
  readonly epochZxid: Zxid;
  /** The leader's configuration; null to a learner before 3.4. */
  readonly config: Uint8Array | null;
}

/** Synchronization: a quorum follows, so the learner may serve. */
export interface UpToDateMessage {
  readonly kind: 'up-to-date';
}

/** Broadcast: a transaction to be logged. */
export interface ProposalMessage {
  readonly kind: 'proposal';
  readonly zxid: Zxid;
  readonly transaction: Uint8Array;
}

/** What was proposed as `zxid`, or an epoch's beginning, is on the learner's disk. */
export interface AckMessage {
  readonly kind: 'ack';
  readonly zxid: Zxid;
}

/** Broadcast: a quorum has logged the transaction. */
export interface CommitMessage {
  readonly kind: 'commit';
  readonly zxid: Zxid;
}

/** As commit, for a transaction that changes the ensemble. */
export interface CommitAndActivateMessage {
  readonly kind: 'commit-and-activate';
  readonly zxid: Zxid;
  readonly designatedLeader: ServerId;
}

/** Proposal and commit in one, for observers. */
export interface InformMessage {
  readonly kind: 'inform';
  readonly zxid: Zxid;
  readonly transaction: Uint8Array;
}

/** As inform, for a transaction that changes the ensemble. */
export interface InformAndActivateMessage {
  readonly kind: 'inform-and-activate';
  readonly zxid: Zxid;
  readonly designatedLeader: ServerId;
  readonly transaction: Uint8Array;
}

/** A session that was heard from since the last ping. */
export interface SessionTouch {
  readonly sessionId: SessionId;
  readonly timeoutMs: number;
}

/** The leader asks whether a learner is alive, without touches; the learner answers with the sessions that it heard from. */
export interface PingMessage {
  readonly kind: 'ping';
  readonly zxid: Zxid;
  /** Null from the leader. */
  readonly touches: readonly SessionTouch[] | null;
}

/** A learner asks whether a session that came to it is alive. */
export interface RevalidateMessage {
  readonly kind: 'revalidate';
  readonly sessionId: SessionId;
  readonly timeoutMs: number;
}

/** The leader's answer to it. */
export interface RevalidatedMessage {
  readonly kind: 'revalidated';
  readonly sessionId: SessionId;
  readonly valid: boolean;
}

/** A learner passes on a request that only the leader can serve. */
export interface RequestMessage {
  readonly kind: 'request';
  readonly sessionId: SessionId;
  readonly cxid: number;
  /** The op code. */
  readonly type: number;
  /** The request's record, as the client sent it. */
  readonly request: Uint8Array;
  /** What the client has proved to be; null for nobody. */
  readonly identities: readonly { readonly scheme: string; readonly id: string }[] | null;
}

/** The leader answers a learner's sync: all that was committed before has been sent on this connection. */
export interface SyncMessage {
  readonly kind: 'sync';
}

/** Everything that is said on the quorum port. */
export type QuorumMessage =
  | LearnerInfoMessage
  | LeaderInfoMessage
  | AckEpochMessage
  | SyncPlanMessage
  | NewLeaderMessage
  | UpToDateMessage
  | ProposalMessage
  | AckMessage
  | CommitMessage
  | CommitAndActivateMessage
  | InformMessage
  | InformAndActivateMessage
  | PingMessage
  | RevalidateMessage
  | RevalidatedMessage
  | RequestMessage
  | SyncMessage;
