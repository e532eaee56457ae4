import type { ServerId, Zxid } from '@corral/primitives';
import type { Notification } from './election-messages.js';
import type { LinkId } from './link.js';
import type {
  PingMessage,
  QuorumMessage,
  RequestMessage,
  RevalidatedMessage,
  RevalidateMessage,
  SyncMessage,
} from './messages.js';
import type { ReplicaState } from './replica-state.js';
import type { SyncPlan } from './synchronization/plan-sync.js';

/*
 * What a replica wants done. The shell carries effects out one after the other, in their order, and all of them before it tells the replica
 * anything else. Nothing in the list waits for the disk: what may be said only after something is durable is not in any list before the
 * shell has reported that it is (`logSynced`, `logTruncated`, `epochsStored`, `snapshotInstalled`).
 */

/** Append to the log, and sync soon: `logSynced` is waited for. The bytes are to be copied now. */
export interface AppendEffect {
  readonly kind: 'append';
  readonly zxid: Zxid;
  readonly transaction: Uint8Array;
}

/** Drop what the log has after `to`, for good, then report `logTruncated`. Until then reports of syncs do not count. */
export interface TruncateEffect {
  readonly kind: 'truncate';
  readonly to: Zxid;
}

/** Write both numbers to disk, then report `epochsStored`. */
export interface StoreEpochsEffect {
  readonly kind: 'store-epochs';
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
}

/** Everything that the log has up to and including `through` is committed, and only that: apply it. */
export interface CommitEffect {
  readonly kind: 'commit';
  readonly through: Zxid;
}

/** Send a message on each of these links, behind all that is on its way there. The list may be kept, and is never changed. */
export interface SendEffect {
  readonly kind: 'send';
  readonly links: readonly LinkId[];
  readonly message: QuorumMessage;
}

/** Send on the election port, connecting first where necessary. Of several that wait for a connection only the last matters. */
export interface NotifyEffect {
  readonly kind: 'notify';
  readonly to: ServerId;
  readonly notification: Notification;
}

/**
 * Bring the learner to this member's history: DIFF, TRUNC or SNAP and the tree, then what is to be replayed out of the log, each transaction as
 * a proposal and its commit. What is sent on the link afterwards comes behind it.
 */
export interface SynchronizeEffect {
  readonly kind: 'synchronize';
  readonly link: LinkId;
  readonly plan: SyncPlan;
}

/** Connect to the quorum port of `leader`, then report `leaderConnected` or `leaderUnreachable`. */
export interface ConnectEffect {
  readonly kind: 'connect';
  readonly leader: ServerId;
}

/** Close the link. It is gone for the replica, so its end is not reported. */
export interface CloseEffect {
  readonly kind: 'close';
  readonly link: LinkId;
  readonly reason: string;
}

/**
 * A snapshot follows on the link, in place of messages. Put the tree that it holds in place of the member's tree, empty the log, all durably and
 * as one step, then report `snapshotInstalled`. Messages that come behind it are given to the replica after that.
 */
export interface ReceiveSnapshotEffect {
  readonly kind: 'receive-snapshot';
  readonly link: LinkId;
}

/** What peers say to each other that replication takes no interest in. */
export type PassedMessage = PingMessage | RequestMessage | RevalidateMessage | RevalidatedMessage | SyncMessage;

/** A message for the shell, in its place among the commits of the link. */
export interface DeliverEffect {
  readonly kind: 'deliver';
  readonly link: LinkId;
  readonly from: ServerId;
  readonly message: PassedMessage;
}

/** The replica does something else now. Clients are served in the phase `broadcast` only; what is committed by then was told before. */
export interface StateEffect {
  readonly kind: 'state';
  readonly state: ReplicaState;
}

/** The member cannot go on with the history that it has, and needs a person. The replica does nothing more. */
export interface HaltEffect {
  readonly kind: 'halt';
  readonly reason: string;
}

/** Everything that a replica can want. */
export type Effect =
  | AppendEffect
  | TruncateEffect
  | StoreEpochsEffect
  | CommitEffect
  | SendEffect
  | NotifyEffect
  | SynchronizeEffect
  | ConnectEffect
  | CloseEffect
  | ReceiveSnapshotEffect
  | DeliverEffect
  | StateEffect
  | HaltEffect;
