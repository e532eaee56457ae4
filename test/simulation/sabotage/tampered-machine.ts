import type { ServerId, Zxid } from '@corral/primitives';
import {
  type Effect,
  type LinkId,
  type Notification,
  type QuorumMessage,
  Replica,
  type ReplicaState,
} from '@corral/zab';
import type { Machine } from '../world/replica-member-ports.js';

/** A replica with somebody between it and its shell. As it stands it changes nothing. */
export class TamperedMachine implements Machine {
  protected readonly replica: Replica;

  constructor(...parts: ConstructorParameters<typeof Replica>) {
    this.replica = new Replica(...parts);
  }

  get state(): ReplicaState {
    return this.replica.state;
  }

  get nextZxid(): Zxid | undefined {
    return this.replica.nextZxid;
  }

  takeEffects(): Effect[] {
    return this.replica.takeEffects();
  }

  start(): void {
    this.replica.start();
  }

  tick(): void {
    this.replica.tick();
  }

  peerConnected(peer: ServerId): void {
    this.replica.peerConnected(peer);
  }

  peerDisconnected(peer: ServerId): void {
    this.replica.peerDisconnected(peer);
  }

  receiveNotification(from: ServerId, notification: Notification): void {
    this.replica.receiveNotification(from, notification);
  }

  learnerConnected(link: LinkId): void {
    this.replica.learnerConnected(link);
  }

  leaderConnected(leader: ServerId, link: LinkId): void {
    this.replica.leaderConnected(leader, link);
  }

  leaderUnreachable(leader: ServerId): void {
    this.replica.leaderUnreachable(leader);
  }

  linkClosed(link: LinkId): void {
    this.replica.linkClosed(link);
  }

  receive(link: LinkId, message: QuorumMessage): void {
    this.replica.receive(link, message);
  }

  logSynced(through: Zxid): void {
    this.replica.logSynced(through);
  }

  logTruncated(): void {
    this.replica.logTruncated();
  }

  epochsStored(acceptedEpoch: number, currentEpoch: number): void {
    this.replica.epochsStored(acceptedEpoch, currentEpoch);
  }

  snapshotInstalled(zxid: Zxid): void {
    this.replica.snapshotInstalled(zxid);
  }

  propose(transaction: Uint8Array): void {
    this.replica.propose(transaction);
  }
}
