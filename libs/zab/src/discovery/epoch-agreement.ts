import { EPOCH_MAX, type ServerId, type Zxid, zxidOf } from '@corral/primitives';
import type { Core } from '../core.js';
import { featuresOf } from '../features.js';
import { type AckEpochMessage, PROTOCOL_VERSION } from '../messages.js';
import type { Learner } from '../roles/learner.js';
import { Assent, type HistorySummary, isNewer } from './epoch-election.js';

/** How far a leader is with its epoch. */
type Step =
  /** It hears from a quorum which epochs were accepted. */
  | 'gathering'
  /** The new epoch is on its way to its own disk. */
  | 'accepting'
  /** A quorum has yet to accept the epoch. */
  | 'proposing'
  | 'agreed';

/** What the leader is to do about a learner, or with all of them. */
export interface EpochAgreementHooks {
  /** Everybody who has connected and not gone. */
  readonly learners: () => Iterable<Learner>;
  /** A quorum has accepted the epoch, and the leader's history is the newest among theirs. */
  readonly agreed: () => void;
}

/** A leader's part in discovery: it finds an epoch newer than any before, and brings a quorum to accept it. */
export class EpochAgreement {
  readonly #core: Core;
  readonly #hooks: EpochAgreementHooks;
  readonly #greeted: Assent;
  readonly #accepted: Assent;
  /** What this member's history was when it was elected. */
  readonly inherited: HistorySummary;
  #step: Step = 'gathering';
  #stepTicks = 0;
  #epoch = 0;

  constructor(core: Core, hooks: EpochAgreementHooks) {
    const { quorums } = core.options;
    this.#core = core;
    this.#hooks = hooks;
    this.#greeted = new Assent(quorums);
    this.#accepted = new Assent(quorums);
    this.inherited = { currentEpoch: core.epochs.current, lastZxid: core.history.lastZxid };
  }

  /** 0 until a quorum has told which epochs it accepted. */
  get epoch(): number {
    return this.#epoch;
  }

  get epochZxid(): Zxid {
    return zxidOf(this.#epoch, 0);
  }

  get isAgreed(): boolean {
    return this.#step === 'agreed';
  }

  start(): void {
    this.#greeted.add(this.#core.serverId);
    this.#chooseEpoch();
  }

  tick(): void {
    if (this.#step === 'agreed') return;
    this.#stepTicks += 1;
    if (this.#stepTicks > this.#core.options.timing.initTicks)
      this.#core.look(`no quorum in time while ${this.#step} the epoch`);
  }

  /** A learner has said who it is. */
  greeted(learner: Learner): void {
    const { serverId, isFollower, acceptedEpoch } = learner;
    if (this.#step === 'gathering') {
      if (isFollower) this.#greeted.add(serverId);
      this.#chooseEpoch();
    } else if (acceptedEpoch > this.#epoch && isFollower && this.#core.isParticipant(serverId)) {
      // It cannot come back to this epoch: only a newer one can have all of us.
      this.#core.highestAccepted = acceptedEpoch;
      this.#core.look(`member ${String(serverId)} has accepted epoch ${String(acceptedEpoch)}`);
    } else if (this.#step !== 'accepting') {
      this.#inform(learner);
    }
  }

  /** A learner is gone: what it has accepted stays true, but whoever comes again says again what it accepted before. */
  gone(serverId: ServerId): void {
    this.#greeted.remove(serverId);
  }

  /** Once a quorum has told which epochs it accepted, the next one is newer than any that a quorum can have accepted. */
  #chooseEpoch(): void {
    if (!this.#greeted.isQuorum) return;
    const { epochs } = this.#core;
    let highest = Math.max(epochs.accepted, this.#core.highestAccepted);
    for (const { acceptedEpoch } of this.#hooks.learners()) highest = Math.max(highest, acceptedEpoch);
    if (highest >= EPOCH_MAX) {
      this.#core.halt(`epoch ${String(highest)} was accepted, and there is none after ${String(EPOCH_MAX)}`);
      return;
    }
    this.#epoch = highest + 1;
    this.#goOn('accepting');
    epochs.accept(this.#epoch);
    this.#propose();
  }

  epochsStored(): void {
    if (this.#step === 'accepting') this.#propose();
  }

  #propose(): void {
    if (!this.#core.epochs.hasStoredAccepted(this.#epoch)) return;
    this.#goOn('proposing');
    this.#accepted.add(this.#core.serverId);
    for (const learner of this.#hooks.learners()) this.#inform(learner);
    this.#agree();
  }

  #inform(learner: Learner): void {
    learner.step = 'informed';
    this.#core.outbox.send([learner.link], {
      kind: 'leader-info',
      epochZxid: this.epochZxid,
      protocolVersion: PROTOCOL_VERSION,
      features: featuresOf(this.#core.options),
    });
  }

  /** A learner has accepted the epoch; one that had accepted it before, perhaps from somebody else, does not count. */
  accepted(learner: Learner, { currentEpoch, lastZxid }: AckEpochMessage): void {
    if (this.#step !== 'proposing' || currentEpoch === null || !learner.isFollower) return;
    // What only members without weight have is in no quorum: nothing is lost with it, and they would lose the election again.
    if (!this.#core.hasWeight(learner.serverId)) return;
    // Nor would one win that was seen to have less than it claims.
    if (this.#core.distrusts(learner.serverId, currentEpoch)) return;
    if (isNewer({ currentEpoch, lastZxid }, this.inherited)) {
      this.#core.look(`member ${String(learner.serverId)} has a newer history`);
      return;
    }
    this.#accepted.add(learner.serverId);
    this.#agree();
  }

  logChanged(): void {
    if (this.#step === 'proposing') this.#agree();
  }

  #agree(): void {
    if (!this.#accepted.isQuorum || this.#core.history.isTruncating) return;
    this.#goOn('agreed');
    this.#hooks.agreed();
  }

  #goOn(step: Step): void {
    this.#step = step;
    this.#stepTicks = 0;
  }
}
