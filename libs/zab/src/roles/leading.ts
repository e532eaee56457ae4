import { assert, COUNTER_MAX, counterOf, formatZxid, type ServerId, type Zxid } from '@corral/primitives';
import { AckTally } from '../broadcast/ack-tally.js';
import { Audience } from '../broadcast/audience.js';
import { OutstandingProposals } from '../broadcast/outstanding-proposals.js';
import type { Core } from '../core.js';
import { EpochAgreement } from '../discovery/epoch-agreement.js';
import { Assent } from '../discovery/epoch-election.js';
import { learnerOf } from '../discovery/greeting.js';
import type { Notification } from '../election-messages.js';
import type { LinkId } from '../link.js';
import { type AckEpochMessage, type ProposalMessage, type QuorumMessage } from '../messages.js';
import { planSync } from '../synchronization/plan-sync.js';
import type { Learner } from './learner.js';

/** How far a leader is. */
type Step =
  /** A quorum has yet to accept an epoch of its own. */
  | 'discovering'
  /** It has its epoch; a quorum has yet to have its history. */
  | 'synchronizing'
  | 'serving';

/** The member that was elected: it brings a quorum to its history, and then broadcasts. */
export class Leading {
  readonly #core: Core;
  readonly #learners = new Map<LinkId, Learner>();
  readonly #audience = new Audience();
  readonly #outstanding = new OutstandingProposals();
  readonly #acks: AckTally;
  readonly #agreement: EpochAgreement;
  readonly #synced: Assent;
  #step: Step = 'discovering';
  #lastProposed = 0 as Zxid;
  #synchronizingTicks = 0;
  #checkIn: number;

  constructor(core: Core) {
    const { quorums, timing } = core.options;
    this.#core = core;
    this.#acks = new AckTally(quorums);
    this.#agreement = new EpochAgreement(core, {
      learners: () => this.#learners.values(),
      agreed: () => {
        this.#agreed();
      },
    });
    this.#synced = new Assent(quorums);
    this.#checkIn = timing.pingTicks;
  }

  start(): void {
    this.#core.enter('leading', 'discovery', this.#core.serverId, { reason: 'elected' });
    this.#agreement.start();
  }

  leave(): void {
    for (const link of this.#learners.keys()) this.#core.outbox.close(link, 'the leader stepped down');
  }

  tick(): void {
    const { timing } = this.#core.options;
    for (const learner of this.#learners.values()) this.#tickLearner(learner);
    this.#agreement.tick();
    if (this.#step === 'synchronizing') this.#tickSynchronization();
    if (this.#step !== 'serving') return;
    this.#checkIn -= 1;
    if (this.#checkIn > 0) return;
    this.#checkIn = timing.heartbeat?.pingTicks ?? timing.pingTicks;
    if (!this.#synced.isQuorum) this.#core.look('a quorum does not follow any more');
    else if (this.nextZxid === undefined && this.#outstanding.size === 0) this.#core.look('the epoch has no zxid left');
  }

  #tickSynchronization(): void {
    this.#synchronizingTicks += 1;
    if (this.#synchronizingTicks > this.#core.options.timing.initTicks)
      this.#core.look('no quorum in time has the history');
  }

  /** Somebody who elected this member is looking again, so the quorum that it waits for will not come. */
  receiveNotification(from: ServerId, notification: Notification): void {
    if (this.#step === 'serving' || notification.state !== 'looking' || !this.#core.isParticipant(from)) return;
    if (notification.electionEpoch > this.#core.round) this.#core.look('the election goes on without this member');
  }

  linkClosed(link: LinkId): void {
    const learner = this.#learners.get(link);
    if (learner !== undefined) this.#remove(learner);
  }

  receive(link: LinkId, message: QuorumMessage): void {
    if (this.#core.isLeaving) return;
    const learner = this.#learners.get(link);
    const problem = learner === undefined ? this.#greet(link, message) : this.#handle(learner, message);
    if (problem === undefined) return;
    this.#core.outbox.close(link, problem);
    if (learner !== undefined) this.#remove(learner);
  }

  logChanged(): void {
    this.#agreement.logChanged();
    this.#countOwnHistory();
    if (this.#step !== 'serving') return;
    this.#acks.ack(this.#core.serverId, this.#core.history.durableZxid);
    this.#commit();
  }

  epochsStored(): void {
    this.#agreement.epochsStored();
    this.#countOwnHistory();
  }

  get nextZxid(): Zxid | undefined {
    if (this.#step !== 'serving' || this.#core.isLeaving) return undefined;
    const counterMax = this.#core.options.counterMax ?? COUNTER_MAX;
    return counterOf(this.#lastProposed) >= counterMax ? undefined : ((this.#lastProposed + 1) as Zxid);
  }

  propose(transaction: Uint8Array): void {
    const zxid = this.nextZxid;
    assert(zxid !== undefined, 'only a serving leader with zxids left proposes');
    const proposal: ProposalMessage = { kind: 'proposal', zxid, transaction };
    this.#lastProposed = zxid;
    this.#outstanding.push(proposal);
    this.#core.history.append(zxid, transaction);
    this.#core.outbox.send(this.#audience.followers, proposal);
  }

  /* Discovery. */

  #greet(link: LinkId, message: QuorumMessage): string | undefined {
    const learner = learnerOf(this.#core, link, message);
    if (typeof learner === 'string') return learner;
    for (const other of this.#learners.values()) if (other.serverId === learner.serverId) this.#replace(other);
    this.#learners.set(link, learner);
    this.#agreement.greeted(learner);
    return undefined;
  }

  #replace(learner: Learner): void {
    this.#core.outbox.close(learner.link, 'the learner has connected anew');
    this.#remove(learner);
  }

  #acceptEpoch(learner: Learner, message: AckEpochMessage): string | undefined {
    if (learner.step !== 'informed') return 'ACKEPOCH out of turn';
    learner.step = 'accepted';
    learner.lastZxid = message.lastZxid;
    if (this.#agreement.isAgreed) this.#synchronize(learner);
    else this.#agreement.accepted(learner, message);
    return undefined;
  }

  /* Synchronization. */

  #agreed(): void {
    const { epoch } = this.#agreement;
    this.#step = 'synchronizing';
    this.#lastProposed = this.#agreement.epochZxid;
    this.#core.enter('leading', 'synchronization', this.#core.serverId, {
      epoch,
      reason: `a quorum accepted epoch ${String(epoch)}`,
    });
    for (const learner of this.#learners.values()) if (learner.step === 'accepted') this.#synchronize(learner);
    this.#countOwnHistory();
  }

  /** As for a learner: the leader's own disk has the history, then the epoch, before it counts itself. */
  #countOwnHistory(): void {
    const { epochs, history, serverId } = this.#core;
    if (this.#step !== 'synchronizing' || history.durableZxid < this.#agreement.inherited.lastZxid) return;
    epochs.makeCurrent(this.#agreement.epoch);
    if (!epochs.hasStoredCurrent(this.#agreement.epoch)) return;
    this.#synced.add(serverId);
    this.#establish();
  }

  #synchronize(learner: Learner): void {
    const { history, options, outbox } = this.#core;
    const through = this.#step === 'serving' ? history.committedZxid : this.#agreement.inherited.lastZxid;
    const plan = planSync(learner, through, history.disk);
    learner.step = 'synchronizing';
    learner.takesTree = plan.kind === 'snapshot';
    const links = [learner.link];
    outbox.push({ kind: 'synchronize', link: learner.link, plan });
    outbox.send(links, { kind: 'new-leader', epochZxid: this.#agreement.epochZxid, config: options.config });
    // Behind NEWLEADER, so that they are no part of the history that it ends: an Apache learner counts on it (ZOOKEEPER-4394).
    if (learner.isFollower) for (const proposal of this.#outstanding) outbox.send(links, proposal);
    this.#audience.update(this.#learners.values());
  }

  #acknowledgeHistory(learner: Learner, zxid: Zxid): void {
    // An old Apache learner acknowledges replayed transactions as well, before it acknowledges the whole.
    if (zxid !== this.#agreement.epochZxid) return;
    learner.step = 'synced';
    if (learner.isFollower) this.#synced.add(learner.serverId);
    if (this.#step === 'serving') this.#core.outbox.send([learner.link], { kind: 'up-to-date' });
    else this.#establish();
  }

  /** A quorum has the history, and with it the epoch: all of it is committed. */
  #establish(): void {
    const { history, outbox, serverId } = this.#core;
    if (this.#step !== 'synchronizing' || !this.#synced.has(serverId) || !this.#synced.isQuorum) return;
    this.#step = 'serving';
    this.#core.establish(this.#agreement.epoch);
    this.#acks.ack(serverId, this.#lastProposed);
    // What is committed comes first: who serves begins with the tree that it makes.
    history.commit(this.#agreement.inherited.lastZxid);
    this.#core.enter('leading', 'broadcast', serverId, {
      epoch: this.#agreement.epoch,
      reason: 'a quorum has the history',
    });
    const synced = [...this.#learners.values()].filter(({ step }) => step === 'synced');
    outbox.send(
      synced.map(({ link }) => link),
      { kind: 'up-to-date' },
    );
  }

  /* Broadcast. */

  #handle(learner: Learner, message: QuorumMessage): string | undefined {
    learner.silentTicks = 0;
    switch (message.kind) {
      case 'ack':
        return this.#receiveAck(learner, message.zxid);
      case 'ack-epoch':
        return this.#acceptEpoch(learner, message);
      case 'ping':
        if (message.touches !== null && message.touches.length > 0) this.#pass(learner, message);
        return undefined;
      case 'request':
      case 'revalidate':
        if (learner.step !== 'synced') return `${message.kind} before it is synchronized`;
        this.#pass(learner, message);
        return undefined;
      default:
        return `a learner does not say ${message.kind} here`;
    }
  }

  #pass(learner: Learner, message: Parameters<Core['outbox']['deliver']>[2]): void {
    this.#core.outbox.deliver(learner.link, learner.serverId, message);
  }

  #receiveAck(learner: Learner, zxid: Zxid): string | undefined {
    if (learner.step === 'synchronizing') {
      this.#acknowledgeHistory(learner, zxid);
      return undefined;
    }
    if (learner.step !== 'synced') return 'an ack out of turn';
    if (zxid > this.#lastProposed) return `an ack of ${formatZxid(zxid)}, which was not proposed`;
    if (this.#step !== 'serving' || !learner.isFollower) return undefined;
    this.#acks.ack(learner.serverId, zxid);
    if (zxid > this.#core.history.committedZxid) this.#commit();
    return undefined;
  }

  #commit(): void {
    if (this.#outstanding.size === 0) return;
    const { history, outbox } = this.#core;
    const before = (this.#lastProposed - this.#outstanding.size) as Zxid;
    const through = this.#acks.committable(before, this.#lastProposed);
    if (through <= before) return;
    history.commit(through);
    const { plainFollowers, cumulativeFollowers, observers } = this.#audience;
    for (let zxid = (before + 1) as Zxid; zxid <= through; zxid = (zxid + 1) as Zxid) {
      const { transaction } = this.#outstanding.shift(zxid);
      if (plainFollowers.length > 0) outbox.send(plainFollowers, { kind: 'commit', zxid });
      if (observers.length > 0) outbox.send(observers, { kind: 'inform', zxid, transaction });
    }
    outbox.send(cumulativeFollowers, { kind: 'commit', zxid: through });
  }

  /* Time, and learners that go. */

  #tickLearner(learner: Learner): void {
    const { options, outbox } = this.#core;
    const isDue = learner.tick(options.timing);
    if (learner.isSilentTooLong(options.timing)) {
      outbox.close(learner.link, `member ${String(learner.serverId)} is silent`);
      this.#remove(learner);
    } else if (isDue) {
      outbox.send([learner.link], { kind: 'ping', zxid: this.#lastProposed, touches: null });
    }
  }

  #remove(learner: Learner): void {
    this.#learners.delete(learner.link);
    this.#agreement.gone(learner.serverId);
    this.#synced.remove(learner.serverId);
    this.#acks.forget(learner.serverId);
    if (learner.isReached) this.#audience.update(this.#learners.values());
  }
}
