import type { ServerId } from '@corral/primitives';
import { configVersionOf } from './discovery/config-version.js';
import type { Notification, PeerState, Vote } from './election-messages.js';
import type { Epochs, History } from './history.js';
import { LocalEpochs } from './local-epochs.js';
import { LocalHistory } from './local-history.js';
import type { ReplicaOptions } from './options.js';
import { Outbox } from './outbox.js';
import type { Phase, ReplicaState } from './replica-state.js';

/** What a role asks to become instead. */
export type Transition =
  | { readonly kind: 'look'; readonly reason: string }
  | { readonly kind: 'lead' }
  | { readonly kind: 'learn'; readonly leader: ServerId };

/** What a member keeps while its role changes. */
export class Core {
  readonly options: ReplicaOptions;
  readonly outbox = new Outbox();
  readonly history: LocalHistory;
  readonly epochs: LocalEpochs;
  /** The members to which notifications can flow. */
  readonly connectedPeers = new Set<ServerId>();
  /** The round of the election that this member is in, or was in last. */
  round = 0;
  /** How the last election ended; what a member that asks is told. Null before the first. */
  outcome: Vote | null = null;
  /** The round in which it ended, which a round that was joined late is not. */
  outcomeRound = 0;
  /** The last election ended because a quorum followed a leader already: whoever cannot join that one is the odd one out. */
  foundLeader = false;
  /** The newest epoch that a participant is known to have accepted: the next one is above it. */
  highestAccepted = 0;
  state: ReplicaState;
  hasHalted = false;
  #transition: Transition | undefined;
  /** Members whose history lacks what is committed here, and the newest epoch that they may claim. */
  readonly #distrusted = new Map<ServerId, number>();

  constructor(options: ReplicaOptions, history: History, epochs: Epochs) {
    this.options = options;
    this.history = new LocalHistory(history, this.outbox);
    this.epochs = new LocalEpochs(epochs, this.outbox);
    this.state = { doing: 'looking', phase: 'election', leader: null, epoch: null, reason: 'not started' };
  }

  get serverId(): ServerId {
    return this.options.serverId;
  }

  /** The version of the list of members that this one uses. */
  get configVersion(): number {
    return configVersionOf(this.options.config);
  }

  get votes(): boolean {
    return this.options.role === 'participant';
  }

  isParticipant(serverId: ServerId): boolean {
    return this.options.quorums.participants.includes(serverId);
  }

  /** A member was elected that does not have what is committed here. It must not be elected again before it has followed a leader of a later epoch. */
  distrust(serverId: ServerId, peerEpoch: number): void {
    this.#distrusted.set(serverId, peerEpoch);
  }

  distrusts(serverId: ServerId, peerEpoch: number): boolean {
    const claimable = this.#distrusted.get(serverId);
    return claimable !== undefined && peerEpoch <= claimable;
  }

  /** Whether the vote of a member changes anything. */
  hasWeight(serverId: ServerId): boolean {
    return this.options.quorums.weightOf(serverId) > 0;
  }

  isMember(serverId: ServerId): boolean {
    return this.isParticipant(serverId) || this.options.observers.includes(serverId);
  }

  /** Leaves the present role when the present input is done. The first reason counts. */
  become(transition: Transition): void {
    this.#transition ??= transition;
  }

  look(reason: string): void {
    this.become({ kind: 'look', reason });
  }

  get isLeaving(): boolean {
    return this.#transition !== undefined;
  }

  takeTransition(): Transition | undefined {
    const transition = this.#transition;
    this.#transition = undefined;
    return transition;
  }

  halt(reason: string): undefined {
    this.hasHalted = true;
    this.outbox.push({ kind: 'halt', reason });
  }

  enter(doing: PeerState, phase: Phase, leader: ServerId | null, details: { epoch?: number; reason: string }): void {
    this.state = { doing, phase, leader, epoch: details.epoch ?? null, reason: details.reason };
    this.outbox.push({ kind: 'state', state: this.state });
  }

  /** The history of the leader's epoch is in force: from now on those who ask are told this epoch, as everybody else tells it. */
  establish(epoch: number): void {
    if (this.outcome !== null) this.outcome = { ...this.outcome, peerEpoch: epoch };
  }

  /** What a member that asks is told by one that is not looking. */
  answer(to: ServerId): void {
    this.outbox.notify(to, this.notification(this.state.doing, this.outcome, this.outcomeRound));
  }

  notification(state: PeerState, vote: Vote | null, electionEpoch: number): Notification {
    return { state, electionEpoch, vote, config: this.options.config };
  }
}
