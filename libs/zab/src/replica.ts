import { assert, EPOCH_MAX, epochOf, type ServerId, type Zxid } from '@corral/primitives';
import { Core } from './core.js';
import type { Effect } from './effects.js';
import type { Notification } from './election-messages.js';
import type { Epochs, History } from './history.js';
import type { LinkId } from './link.js';
import type { QuorumMessage } from './messages.js';
import type { ReplicaOptions } from './options.js';
import type { ReplicaInputs } from './replica-inputs.js';
import type { ReplicaState } from './replica-state.js';
import { Guests } from './roles/guests.js';
import { Leading } from './roles/leading.js';
import { Learning } from './roles/learning.js';
import { Looking } from './roles/looking.js';

/** Zxids that a peer may speak of: what is outside is garbage, and would break our arithmetic. */
const isZxid = (zxid: number): boolean => Number.isSafeInteger(zxid) && zxid >= 0 && epochOf(zxid as Zxid) <= EPOCH_MAX;

/**
 * One member's part in the atomic broadcast. A role at a time does the work: `Looking`, `Learning` (a follower or an observer) or `Leading`; this class
 * hands inputs to it and changes it.
 */
export class Replica implements ReplicaInputs {
  readonly #core: Core;
  readonly #guests: Guests;
  #role: Looking | Learning | Leading | undefined;

  /** `history` and `epochs` are what the disk has, durably. */
  constructor(options: ReplicaOptions, history: History, epochs: Epochs) {
    this.#core = new Core(options, history, epochs);
    this.#guests = new Guests(this.#core);
  }

  /** What this member is doing, as the last `state` effect told. */
  get state(): ReplicaState {
    return this.#core.state;
  }

  get lastZxid(): Zxid {
    return this.#core.history.lastZxid;
  }

  /** What a quorum has, as far as this member knows. It is applied once this member's own disk has it too. */
  get committedZxid(): Zxid {
    return this.#core.history.committedZxid;
  }

  get nextZxid(): Zxid | undefined {
    return this.#role instanceof Leading && !this.#core.hasHalted ? this.#role.nextZxid : undefined;
  }

  takeEffects(): Effect[] {
    return this.#core.outbox.take();
  }

  start(): void {
    assert(this.#role === undefined, 'a replica starts once');
    this.#look('started');
    this.#settle();
  }

  tick(): void {
    if (this.#isIdle) return;
    this.#guests.tick();
    this.#role?.tick();
    this.#settle();
  }

  peerConnected(peer: ServerId): void {
    this.#core.connectedPeers.add(peer);
    if (this.#role instanceof Looking && !this.#isIdle) this.#role.peerConnected(peer);
    this.#settle();
  }

  peerDisconnected(peer: ServerId): void {
    this.#core.connectedPeers.delete(peer);
    if (this.#role instanceof Looking && !this.#isIdle) this.#role.peerDisconnected();
    this.#settle();
  }

  receiveNotification(from: ServerId, notification: Notification): void {
    if (this.#isIdle || !isSensible(notification)) return;
    if (this.#role instanceof Looking) {
      this.#role.receive(from, notification);
    } else {
      this.#role?.receiveNotification(from, notification);
      const isAsking = notification.state === 'looking' || !this.#core.isParticipant(from);
      if (isAsking && !this.#core.isLeaving) this.#core.answer(from);
    }
    this.#settle();
  }

  learnerConnected(link: LinkId): void {
    if (this.#role instanceof Learning || this.#isIdle) this.#core.outbox.close(link, 'this member does not lead');
    else this.#guests.add(link);
  }

  leaderConnected(leader: ServerId, link: LinkId): void {
    if (this.#role instanceof Learning && !this.#isIdle) this.#role.connected(leader, link);
    else this.#core.outbox.close(link, 'not asked for any more');
    this.#settle();
  }

  leaderUnreachable(leader: ServerId): void {
    if (this.#role instanceof Learning && !this.#isIdle) this.#role.unreachable(leader);
    this.#settle();
  }

  linkClosed(link: LinkId): void {
    this.#guests.remove(link);
    if (this.#role !== undefined && !(this.#role instanceof Looking) && !this.#isIdle) this.#role.linkClosed(link);
    this.#settle();
  }

  receive(link: LinkId, message: QuorumMessage): void {
    if (this.#isIdle) return;
    if (this.#role instanceof Looking) this.#guests.receive(link, message);
    else this.#hear(link, message);
    this.#settle();
  }

  logSynced(through: Zxid): void {
    this.#core.history.synced(through);
    this.#logChanged();
  }

  logTruncated(): void {
    this.#core.history.truncated();
    this.#logChanged();
  }

  epochsStored(acceptedEpoch: number, currentEpoch: number): void {
    this.#core.epochs.stored(acceptedEpoch, currentEpoch);
    if (this.#role !== undefined && !(this.#role instanceof Looking) && !this.#isIdle) this.#role.epochsStored();
    this.#settle();
  }

  snapshotInstalled(zxid: Zxid): void {
    this.#core.history.installed(zxid);
    if (this.#role instanceof Learning && !this.#isIdle) this.#role.snapshotInstalled(zxid);
    this.#settle();
  }

  propose(transaction: Uint8Array): void {
    assert(this.#role instanceof Leading, 'only a leader proposes');
    this.#role.propose(transaction);
  }

  #hear(link: LinkId, message: QuorumMessage): void {
    if (this.#role === undefined || this.#role instanceof Looking) return;
    this.#guests.remove(link);
    if (isSound(message)) {
      this.#role.receive(link, message);
    } else {
      this.#core.outbox.close(link, `${message.kind} with a zxid out of range`);
      this.#role.linkClosed(link);
    }
  }

  get #isIdle(): boolean {
    return this.#core.hasHalted;
  }

  #logChanged(): void {
    if (this.#role !== undefined && !(this.#role instanceof Looking) && !this.#isIdle) this.#role.logChanged();
    this.#settle();
  }

  /** Changes roles until the present one wants to stay. */
  #settle(): void {
    for (;;) {
      if (this.#core.hasHalted) this.#leave();
      const transition = this.#core.takeTransition();
      if (transition === undefined || this.#core.hasHalted) return;
      if (transition.kind === 'look') this.#look(transition.reason);
      else if (transition.kind === 'lead') this.#lead();
      else this.#learn(transition.leader);
    }
  }

  #leave(): void {
    if (this.#role !== undefined && !(this.#role instanceof Looking)) this.#role.leave();
    this.#role = undefined;
  }

  #look(reason: string): void {
    this.#core.enter('looking', 'election', null, { reason });
    this.#leave();
    const looking = new Looking(this.#core);
    this.#role = looking;
    looking.start();
  }

  #lead(): void {
    const leading = new Leading(this.#core);
    this.#role = leading;
    leading.start();
    for (const [link, said] of this.#guests.takeSpeakers()) {
      if (this.#core.isLeaving) this.#core.outbox.close(link, 'the leader stepped down');
      else this.#hear(link, said);
    }
  }

  #learn(leader: ServerId): void {
    this.#guests.dismissAll('this member does not lead');
    const learning = new Learning(this.#core, leader);
    this.#role = learning;
    learning.start();
  }
}

/** Whether our arithmetic can take the numbers in the message. */
function isSound(message: QuorumMessage): boolean {
  switch (message.kind) {
    case 'follower-info':
    case 'observer-info':
      return isZxid(message.acceptedZxid);
    case 'leader-info':
    case 'new-leader':
      return isZxid(message.epochZxid);
    case 'ack-epoch':
      return isZxid(message.lastZxid) && (message.currentEpoch === null || message.currentEpoch >= 0);
    case 'ping':
      return true;
    default:
      return !('zxid' in message) || isZxid(message.zxid);
  }
}

function isSensible({ electionEpoch, vote }: Notification): boolean {
  return (
    Number.isSafeInteger(electionEpoch + 1) && electionEpoch >= 0 && (vote === null || Number.isSafeInteger(vote.zxid))
  );
}
