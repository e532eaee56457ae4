import type { ServerId, Zxid } from '@corral/primitives';
import type { Notification } from './election-messages.js';
import type { Effect } from './effects.js';
import type { LinkId } from './link.js';
import type { QuorumMessage } from './messages.js';

/**
 * All that can happen to a replica. Each call runs to completion and throws only when an invariant of ours is broken; whatever a peer
 * says wrong ends as a `close` effect. After one call or a batch of them the shell takes the effects and carries them out.
 */
export interface ReplicaInputs {
  /** What is to be done, in order; the list is the caller's. */
  takeEffects(): Effect[];

  /** The member has come up: it looks for a leader. Once, before anything else. */
  start(): void;
  /** One tick of the shell's timer has passed. After a stall there is one tick, not many, and what has arrived is handed in before it. */
  tick(): void;

  /* The election port. */

  /** Notifications to and from this member can flow now. */
  peerConnected(peer: ServerId): void;
  peerDisconnected(peer: ServerId): void;
  receiveNotification(from: ServerId, notification: Notification): void;

  /* The quorum port. */

  /** Somebody has connected to this member's quorum port. */
  learnerConnected(link: LinkId): void;
  /** A `connect` has succeeded. */
  leaderConnected(leader: ServerId, link: LinkId): void;
  /** A `connect` has failed. */
  leaderUnreachable(leader: ServerId): void;
  /** The other side has closed, or the shell has given the link up. */
  linkClosed(link: LinkId): void;
  receive(link: LinkId, message: QuorumMessage): void;

  /* The disk. */

  /** All that was appended, through this transaction, is durable. */
  logSynced(through: Zxid): void;
  logTruncated(): void;
  epochsStored(acceptedEpoch: number, currentEpoch: number): void;
  /** Tree and history now end at this transaction. */
  snapshotInstalled(zxid: Zxid): void;

  /* Clients' writes, while this member leads and serves. */

  /** The number that the next proposal gets; undefined when this member does not lead, or its epoch has none left and a new one is on its way. */
  readonly nextZxid: Zxid | undefined;
  /** Proposes a transaction as `nextZxid`. The bytes are kept until they are committed and must not change. */
  propose(transaction: Uint8Array): void;
}
