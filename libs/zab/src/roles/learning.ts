import { epochOf, formatZxid, type ServerId, type Zxid, zxidOf } from '@corral/primitives';
import { PendingAcks } from '../broadcast/pending-acks.js';
import type { Core } from '../core.js';
import { configVersionOf, MEMBERS_CHANGE, outdatedConfig } from '../discovery/config-version.js';
import type { Notification } from '../election-messages.js';
import type { LinkId } from '../link.js';
import {
  type AckEpochMessage,
  Features,
  type LeaderInfoMessage,
  type NewLeaderMessage,
  PROTOCOL_VERSION,
  type QuorumMessage,
  type SyncPlanMessage,
} from '../messages.js';
import { beginSync } from '../synchronization/learner-sync.js';
import { featuresOf } from '../features.js';
import { LeaderLink } from './leader-link.js';
import type { LearningStep } from './learning-step.js';

/** A follower or an observer: a member that takes its history from a leader. */
export class Learning {
  readonly #core: Core;
  readonly #leader: ServerId;
  readonly #leaderLink: LeaderLink;
  readonly #isFollower: boolean;
  readonly #pendingAcks = new PendingAcks();
  #step: LearningStep = 'connecting';
  #epoch = 0;
  #leaderFeatures = 0;
  /** The end of what was taken over from the leader's history as a whole: committed when the leader begins. */
  #inheritedZxid = 0 as Zxid;
  /** The newest commit that the leader has told. */
  #toldCommitted = 0 as Zxid;
  /** The end of the history when NEWLEADER came: durable before it is acknowledged. */
  #historyEnd = 0 as Zxid;
  #silentTicks = 0;

  constructor(core: Core, leader: ServerId) {
    this.#core = core;
    this.#leader = leader;
    this.#isFollower = core.votes;
    this.#leaderLink = new LeaderLink(core, leader);
  }

  start(): void {
    this.#enter('discovery', `member ${String(this.#leader)} was elected`);
    this.#leaderLink.connect();
  }

  leave(): void {
    const { link } = this.#leaderLink;
    if (link !== undefined && this.#step !== 'connecting') this.#core.outbox.close(link, this.#core.state.reason);
  }

  tick(): void {
    this.#leaderLink.tick();
    // How long a tree may take, and whether it makes progress, is seen where its bytes come in.
    if (this.#step === 'connecting' || this.#step === 'installing') return;
    this.#silentTicks += 1;
    if (this.#silentTicks > this.#silentTicksMax()) this.#core.look('the leader is silent');
  }

  receiveNotification(from: ServerId, notification: Notification): void {
    if (from !== this.#leader || this.#step === 'serving' || !this.#leaderLink.hasGivenUp(notification)) return;
    this.#core.look(`member ${String(from)} was elected, and does not lead`);
  }

  connected(leader: ServerId, link: LinkId): void {
    if (!this.#leaderLink.connected(leader, link)) {
      this.#core.outbox.close(link, 'not asked for any more');
      return;
    }
    const { epochs, options, outbox, serverId } = this.#core;
    this.#step = 'greeting';
    outbox.send([link], {
      kind: this.#isFollower ? 'follower-info' : 'observer-info',
      acceptedZxid: zxidOf(epochs.accepted, 0),
      learner: {
        serverId,
        protocolVersion: PROTOCOL_VERSION,
        configVersion: this.#core.configVersion,
        features: featuresOf(options),
      },
    });
  }

  unreachable(leader: ServerId): void {
    this.#leaderLink.unreachable(leader);
  }

  linkClosed(link: LinkId): void {
    if (link !== this.#leaderLink.link) return;
    this.#step = 'connecting';
    this.#core.look('the leader closed the connection');
  }

  receive(link: LinkId, message: QuorumMessage): void {
    if (link !== this.#leaderLink.link || this.#core.isLeaving) return;
    this.#silentTicks = 0;
    const problem = this.#handle(message);
    if (problem !== undefined) this.#core.look(`the leader broke the protocol: ${problem}`);
  }

  logChanged(): void {
    this.#settle();
    this.#acknowledge();
  }

  epochsStored(): void {
    if (this.#step === 'accepting') this.#ackEpoch();
    this.#settle();
  }

  snapshotInstalled(zxid: Zxid): void {
    if (this.#step !== 'installing') return;
    this.#step = 'catching-up';
    this.#silentTicks = 0;
    this.#inheritedZxid = zxid;
  }

  /** Does what the message asks; returns what is wrong with it, if something is. */
  #handle(message: QuorumMessage): string | undefined {
    switch (message.kind) {
      case 'proposal':
        return this.#log(message.zxid, message.transaction);
      case 'commit':
        return this.#commit(message.zxid);
      case 'commit-and-activate':
      case 'inform-and-activate':
        return this.#core.halt(MEMBERS_CHANGE);
      case 'inform':
        return this.#log(message.zxid, message.transaction) ?? this.#commit(message.zxid);
      case 'ping':
        return this.#answerPing(message.zxid);
      case 'sync':
      case 'revalidated':
        if (this.#step !== 'serving') return `${message.kind} before UPTODATE`;
        this.#core.outbox.deliver(this.#linkId, this.#leader, message);
        return undefined;
      case 'leader-info':
        return this.#step === 'greeting' ? this.#acceptEpoch(message) : 'LEADERINFO out of turn';
      case 'diff':
      case 'trunc':
      case 'snap':
        return this.#step === 'planning' ? this.#beginSync(message) : `${message.kind} out of turn`;
      case 'new-leader':
        return this.#step === 'catching-up' ? this.#endSync(message) : 'NEWLEADER out of turn';
      case 'up-to-date':
        return this.#step === 'ready' ? this.#serve() : 'UPTODATE out of turn';
      default:
        return `a leader does not say ${message.kind}`;
    }
  }

  get #linkId(): LinkId {
    return this.#leaderLink.link!;
  }

  #acceptEpoch(message: LeaderInfoMessage): string | undefined {
    const { epochs } = this.#core;
    if (message.protocolVersion < PROTOCOL_VERSION) return 'a protocol older than ZooKeeper 3.4';
    this.#epoch = epochOf(message.epochZxid);
    if (this.#epoch < epochs.accepted)
      return `epoch ${String(this.#epoch)} is older than the accepted ${String(epochs.accepted)}`;
    this.#leaderFeatures = (message.features ?? 0) & featuresOf(this.#core.options);
    this.#step = 'accepting';
    this.#hadAccepted = this.#epoch === epochs.accepted;
    if (!this.#hadAccepted) epochs.accept(this.#epoch);
    this.#ackEpoch();
    return undefined;
  }

  /** Whether the epoch was accepted before this leader proposed it, perhaps from somebody else: saying so again must not count. */
  #hadAccepted = false;

  #ackEpoch(): void {
    const { epochs, history, outbox } = this.#core;
    if (!epochs.hasStoredAccepted(this.#epoch)) return;
    this.#step = 'planning';
    this.#enter('synchronization', `accepted epoch ${String(this.#epoch)}`);
    const message: AckEpochMessage = {
      kind: 'ack-epoch',
      lastZxid: history.lastZxid,
      currentEpoch: this.#hadAccepted ? null : epochs.current,
    };
    outbox.send([this.#linkId], message);
  }

  #beginSync(message: SyncPlanMessage): undefined {
    if (!beginSync(this.#core, message)) return;
    const { history, outbox } = this.#core;
    this.#inheritedZxid = history.lastZxid;
    this.#step = 'catching-up';
    if (message.kind !== 'snap') return;
    this.#step = 'installing';
    outbox.push({ kind: 'receive-snapshot', link: this.#linkId });
  }

  #log(zxid: Zxid, transaction: Uint8Array): string | undefined {
    if (!this.#isLogging()) return `transaction ${formatZxid(zxid)} out of turn`;
    const { history } = this.#core;
    const last = history.lastZxid;
    if (zxid <= last || (zxid !== last + 1 && epochOf(zxid) === epochOf(last))) {
      return `transaction ${formatZxid(zxid)} after ${formatZxid(last)}`;
    }
    if (epochOf(zxid) > this.#epoch) return `transaction ${formatZxid(zxid)} of an epoch that has not begun`;
    history.append(zxid, transaction);
    if (this.#isFollower) this.#pendingAcks.push(zxid);
    return undefined;
  }

  #isLogging(): boolean {
    return (
      this.#step === 'serving' || this.#step === 'ready' || this.#step === 'settling' || this.#step === 'catching-up'
    );
  }

  /** Before UPTODATE a commit is only remembered: a leader says it about all of its history, before any quorum has that. */
  #commit(zxid: Zxid): string | undefined {
    const { history } = this.#core;
    if (!this.#isLogging()) return `commit ${formatZxid(zxid)} out of turn`;
    if (zxid > history.lastZxid) return `commit of ${formatZxid(zxid)}, which was not proposed`;
    if (zxid > this.#toldCommitted) this.#toldCommitted = zxid;
    if (this.#step === 'serving') history.commit(zxid);
    // What comes with its commit before NEWLEADER is acknowledged with NEWLEADER.
    if (this.#step === 'catching-up') this.#pendingAcks.shiftAllThrough(zxid);
    return undefined;
  }

  #endSync({ config, epochZxid }: NewLeaderMessage): string | undefined {
    const { configVersion } = this.#core;
    if (configVersionOf(config) > configVersion)
      return this.#core.halt(outdatedConfig(configVersionOf(config), configVersion));
    if (epochZxid !== zxidOf(this.#epoch, 0))
      return `NEWLEADER of ${formatZxid(epochZxid)} in epoch ${String(this.#epoch)}`;
    this.#step = 'settling';
    this.#historyEnd = this.#core.history.lastZxid;
    this.#settle();
    return undefined;
  }

  /** History, then epoch, both on disk, then the acknowledgement: in any other order a crash can make a member promise what it does not have. */
  #settle(): void {
    if (this.#step !== 'settling') return;
    const { epochs, history, outbox } = this.#core;
    if (history.durableZxid < this.#historyEnd) return;
    epochs.makeCurrent(this.#epoch);
    if (!epochs.hasStoredCurrent(this.#epoch)) return;
    this.#step = 'ready';
    outbox.send([this.#linkId], { kind: 'ack', zxid: zxidOf(this.#epoch, 0) });
    this.#acknowledge();
  }

  #acknowledge(): void {
    if (this.#step !== 'ready' && this.#step !== 'serving') return;
    const { history, outbox } = this.#core;
    const links = [this.#linkId];
    if ((this.#leaderFeatures & Features.cumulative) !== 0) {
      const newest = this.#pendingAcks.shiftAllThrough(history.durableZxid);
      if (newest !== undefined) outbox.send(links, { kind: 'ack', zxid: newest });
      return;
    }
    for (;;) {
      const zxid = this.#pendingAcks.shiftThrough(history.durableZxid);
      if (zxid === undefined) return;
      outbox.send(links, { kind: 'ack', zxid });
    }
  }

  #serve(): undefined {
    const { history } = this.#core;
    this.#step = 'serving';
    this.#core.establish(this.#epoch);
    // What is committed comes first: who serves begins with the tree that it makes.
    history.commit(this.#inheritedZxid > this.#toldCommitted ? this.#inheritedZxid : this.#toldCommitted);
    this.#enter('broadcast', `a quorum follows member ${String(this.#leader)}`);
  }

  /** A leader takes the first answer on a link for the acknowledgement of NEWLEADER, so there is none before that. */
  #answerPing(zxid: Zxid): undefined {
    if (this.#step !== 'ready' && this.#step !== 'serving') return;
    this.#core.outbox.send([this.#linkId], { kind: 'ping', zxid, touches: [] });
  }

  #silentTicksMax(): number {
    const { heartbeat, initTicks, syncTicks } = this.#core.options.timing;
    if (this.#step !== 'ready' && this.#step !== 'serving') return initTicks;
    return heartbeat !== null && (this.#leaderFeatures & Features.heartbeat) !== 0 ? heartbeat.silentTicks : syncTicks;
  }

  #enter(phase: 'discovery' | 'synchronization' | 'broadcast', reason: string): void {
    const epoch = phase === 'discovery' ? {} : { epoch: this.#epoch };
    this.#core.enter(this.#isFollower ? 'following' : 'observing', phase, this.#leader, { ...epoch, reason });
  }
}
