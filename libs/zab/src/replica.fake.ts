import type { ServerId, Zxid } from '@corral/primitives';
import type { Effect } from './effects.js';
import type { Notification, PeerState, Vote } from './election-messages.js';
import type { Epochs, History } from './history.js';
import type { LinkId } from './link.js';
import type { QuorumMessage } from './messages.js';
import type { ReplicaOptions } from './options.js';
import { majorityQuorums } from './quorum/verifiers.js';
import { Replica } from './replica.js';
import { timingOf } from './timing.js';

export const id = (value: number): ServerId => value as ServerId;
export const zxid = (epoch: number, counter: number): Zxid => (epoch * 2 ** 32 + counter) as Zxid;
export const link = (value: number): LinkId => value as LinkId;
export const bytes = Uint8Array.of(1, 2, 3);

/** That of the transaction with this number in a history of the stage. */
export const fingerprintAt = (at: Zxid): number => at % 1000;

/** A history that has these transactions in its log, and all through `applied` in its tree. */
export function historyOf(logged: readonly Zxid[], applied = 0 as Zxid, start = 0 as Zxid): History {
  return {
    lastZxid: logged.at(-1) ?? applied,
    appliedZxid: applied,
    startZxid: start,
    newestUpTo: (wanted) =>
      wanted < start ? undefined : logged.reduce((best, at) => (at <= wanted ? at : best), start),
    fingerprintOf: (wanted) => (logged.includes(wanted) ? fingerprintAt(wanted) : undefined),
  };
}

/** What is otherwise than usual. */
export interface StageOptions extends Partial<Pick<ReplicaOptions, 'config' | 'quorums'>> {
  readonly initLimit?: number;
}

/** A replica of three participants and an observer, with its hand held: effects pile up in `effects` until they are taken. */
export class Stage {
  readonly replica: Replica;

  constructor(
    serverId: number,
    history: History = historyOf([]),
    epochs: Epochs = { acceptedEpoch: 0, currentEpoch: 0 },
    { initLimit = 5, ...more }: StageOptions = {},
  ) {
    const options: ReplicaOptions = {
      serverId: id(serverId),
      role: serverId > 3 ? 'observer' : 'participant',
      quorums: majorityQuorums([id(1), id(2), id(3)]),
      observers: [id(4), id(5)],
      timing: timingOf({ tickMs: 20, tickTimeMs: 200, initLimit, syncLimit: 2 }),
      config: null,
      ...more,
    };
    this.replica = new Replica(options, history, epochs);
    this.replica.start();
  }

  /** What is wanted since the last time, and only effects of these kinds. */
  take<Kind extends Effect['kind']>(...kinds: Kind[]): Extract<Effect, { kind: Kind }>[] {
    return this.replica
      .takeEffects()
      .filter((effect): effect is Extract<Effect, { kind: Kind }> => (kinds as string[]).includes(effect.kind));
  }

  /** Messages that were sent since the last time, on whatever link. */
  said(): QuorumMessage[] {
    return this.take('send').map(({ message }) => message);
  }

  hears(from: number, state: PeerState, round: number, vote: Vote): void {
    const notification: Notification = { state, electionEpoch: round, vote, config: null };
    this.replica.receiveNotification(id(from), notification);
  }

  ticks(count: number): void {
    for (let tick = 0; tick < count; tick += 1) this.replica.tick();
  }

  get doing(): string {
    const { doing, phase, leader } = this.replica.state;
    return `${doing}/${phase}/${String(leader)}`;
  }
}

/** A configuration of that version, as members show it to each other. */
export const configOf = (version: string): Uint8Array =>
  Uint8Array.from(`server.1=a:2888:3888\nversion=${version}`, (character) => character.charCodeAt(0));

/** The vote for a member, whose history ends there. */
export const voteFor = (leader: number, last = 0 as Zxid, peerEpoch = 0): Vote => ({
  leader: id(leader),
  zxid: last,
  peerEpoch,
});

/** Member 3 of three, elected by member 2. */
export function newLeader(history?: History, epochs?: Epochs, more?: StageOptions): Stage {
  const stage = new Stage(3, history, epochs, more);
  const { lastZxid } = history ?? historyOf([]);
  const currentEpoch = epochs?.currentEpoch ?? 0;
  stage.replica.peerConnected(id(2));
  stage.hears(2, 'looking', 1, voteFor(3, lastZxid, currentEpoch));
  return stage;
}

export function greetingOf(
  serverId: number,
  acceptedEpoch: number,
  features?: number,
  configVersion = 0,
): QuorumMessage {
  return {
    kind: serverId > 3 ? 'observer-info' : 'follower-info',
    acceptedZxid: zxid(acceptedEpoch, 0),
    learner: { serverId: id(serverId), protocolVersion: 0x10000, configVersion, features },
  };
}
