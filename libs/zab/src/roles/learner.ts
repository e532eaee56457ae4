import type { ServerId, Zxid } from '@corral/primitives';
import { epochOf } from '@corral/primitives';
import type { LinkId } from '../link.js';
import { Features, type LearnerInfoMessage } from '../messages.js';
import type { Timing } from '../timing.js';

/** How far the leader is with a learner. */
export type LearnerStep =
  /** Has said who it is. */
  | 'greeted'
  /** Has been told the epoch. */
  | 'informed'
  /** Has accepted it, and told its history. */
  | 'accepted'
  /** Is being brought to the leader's history, and gets what is proposed. */
  | 'synchronizing'
  /** Has acknowledged it. */
  | 'synced';

/** What the leader knows of a learner. */
export class Learner {
  readonly link: LinkId;
  readonly serverId: ServerId;
  readonly isFollower: boolean;
  readonly acceptedEpoch: number;
  readonly #features: number;
  step: LearnerStep = 'greeted';
  /** Its last transaction, as it told when it accepted the epoch. */
  lastZxid = 0 as Zxid;
  /** Whether a tree is on its way: how long that may take is seen where its bytes go out. */
  takesTree = false;
  silentTicks = 0;
  #pingIn = 0;

  constructor(link: LinkId, message: LearnerInfoMessage, serverId: ServerId, features: number) {
    this.link = link;
    this.serverId = serverId;
    this.isFollower = message.kind === 'follower-info';
    this.acceptedEpoch = epochOf(message.acceptedZxid);
    this.#features = features;
  }

  /** Whether it gets what the leader says to all. */
  get isReached(): boolean {
    return this.step === 'synchronizing' || this.step === 'synced';
  }

  /** Every Corral member does. */
  get truncatesAnywhere(): boolean {
    return this.can(Features.cumulative);
  }

  can(feature: number): boolean {
    return (this.#features & feature) !== 0;
  }

  /** Counts a tick; returns whether the learner is to be pinged. */
  tick(timing: Timing): boolean {
    this.silentTicks += 1;
    this.#pingIn -= 1;
    if (this.#pingIn > 0 || !this.isReached) return false;
    this.#pingIn = this.#heartbeatOf(timing)?.pingTicks ?? timing.pingTicks;
    return true;
  }

  isSilentTooLong(timing: Timing): boolean {
    if (this.step === 'synchronizing' && this.takesTree) return false;
    if (this.step !== 'synced') return this.silentTicks > timing.initTicks * STEPS_BEFORE_SYNC;
    return this.silentTicks > (this.#heartbeatOf(timing)?.silentTicks ?? timing.syncTicks);
  }

  #heartbeatOf(timing: Timing): Timing['heartbeat'] {
    return this.can(Features.heartbeat) ? timing.heartbeat : null;
  }
}

/** The leader waits for a quorum twice while a learner waits for the leader. */
const STEPS_BEFORE_SYNC = 2;
