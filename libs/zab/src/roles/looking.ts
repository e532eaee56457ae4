import type { ServerId } from '@corral/primitives';
import type { Core } from '../core.js';
import type { Notification, Vote } from '../election-messages.js';
import { BallotBox } from '../election/ballot-box.js';
import { type Ballot, outranks } from '../election/votes.js';

/**
 * A member that looks for a leader, by the rules of ZooKeeper's FastLeaderElection. Everybody tells its vote, takes over any that is better, and is
 * done when a quorum votes alike; or finds a quorum that follows a leader already, and a leader that says so itself.
 */
export class Looking {
  readonly #core: Core;
  /** Votes of this round. */
  readonly #thisRound: BallotBox;
  /** What members say that are not looking, of whatever round. */
  readonly #established: BallotBox;
  /** Null while an observer has heard of no candidate: it has no vote of its own. */
  #proposal: Vote | null;
  /** How long a quorum has been waiting for a better vote; undefined without a quorum. */
  #finalizeIn: number | undefined;
  /** Observers that were answered in this tick: two members in different rounds could else answer each other without end. */
  readonly #answered = new Set<ServerId>();
  #resendIn: number;
  #resendWait: number;

  constructor(core: Core) {
    const { quorums, timing } = core.options;
    this.#core = core;
    core.foundLeader = false;
    this.#thisRound = new BallotBox(quorums);
    this.#established = new BallotBox(quorums);
    this.#resendWait = timing.resendTicksMin;
    this.#resendIn = this.#resendWait;
    // Rounds are counted by those who vote; an observer takes part in the one that it finds.
    core.round = core.votes ? core.round + 1 : 0;
    this.#proposal = this.#ownVote();
  }

  start(): void {
    this.#broadcast();
    this.#considerProposal();
  }

  tick(): void {
    this.#answered.clear();
    this.#resendIn -= 1;
    if (this.#resendIn <= 0) {
      this.#resendWait = Math.min(this.#resendWait * 2, this.#core.options.timing.resendTicksMax);
      this.#resendIn = this.#resendWait;
      this.#broadcast();
    }
    if (this.#finalizeIn === undefined) return;
    this.#finalizeIn -= 1;
    if (this.#finalizeIn <= 0) this.#decideProposal();
  }

  /** A member that was not there may have missed the vote. */
  peerConnected(peer: ServerId): void {
    if (this.#core.isParticipant(peer)) this.#tell(peer);
  }

  /** Nobody waits for the vote of a member that is gone. */
  peerDisconnected(): void {
    this.#considerProposal();
  }

  receive(from: ServerId, notification: Notification): void {
    const { state, vote } = notification;
    if (!this.#core.isParticipant(from)) {
      if (this.#core.votes && !this.#answered.has(from)) this.#tell(from);
      this.#answered.add(from);
      return;
    }
    if (vote === null || !this.#core.isParticipant(vote.leader)) return;
    const ballot: Ballot = { state, round: notification.electionEpoch, vote };
    if (state === 'looking') this.#receiveBallot(from, ballot);
    else if (state !== 'observing') this.#receiveOutcome(from, ballot);
  }

  #receiveBallot(from: ServerId, ballot: Ballot): void {
    const { round } = this.#core;
    if (ballot.round < round) {
      // The round of a member without a vote is nothing to catch up with.
      if (this.#core.votes) this.#tell(from);
      return;
    }
    if (ballot.round > round) {
      this.#core.round = ballot.round;
      this.#thisRound.clear();
      const ownVote = this.#ownVote();
      this.#propose(ownVote === null || this.#isBetter(ballot.vote, ownVote) ? ballot.vote : ownVote);
    } else if (this.#isBetter(ballot.vote, this.#proposal)) {
      this.#propose(ballot.vote);
    }
    this.#thisRound.put(from, ballot);
    this.#considerProposal();
  }

  /** Somebody follows or leads. That is enough only when a quorum does, behind a leader that says so itself: it may have crashed meanwhile. */
  #receiveOutcome(from: ServerId, ballot: Ballot): void {
    if (ballot.round === this.#core.round) {
      this.#thisRound.put(from, ballot);
      if (this.#isLed(this.#thisRound, ballot)) {
        this.#join(ballot);
        return;
      }
    }
    this.#established.put(from, ballot);
    if (!this.#isLed(this.#established, ballot)) return;
    this.#core.round = ballot.round;
    this.#join(ballot);
  }

  #join({ vote, round }: Ballot): void {
    this.#core.foundLeader = true;
    this.#decide(vote, round);
  }

  #isLed(box: BallotBox, ballot: Ballot): boolean {
    if (!box.hasQuorumFor(ballot)) return false;
    const { leader } = ballot.vote;
    if (leader === this.#core.serverId) return this.#core.votes && ballot.round === this.#core.round;
    return box.of(leader)?.state === 'leading';
  }

  #ownVote(): Vote | null {
    const { epochs, history, serverId, votes } = this.#core;
    return votes ? { leader: serverId, zxid: history.lastZxid, peerEpoch: epochs.current } : null;
  }

  /** Nobody takes over a vote for a member without weight, or for one that was seen to lack what is committed. */
  #isBetter(candidate: Vote, incumbent: Vote | null): boolean {
    if (incumbent === null) return true;
    const { leader, peerEpoch } = candidate;
    return this.#core.hasWeight(leader) && !this.#core.distrusts(leader, peerEpoch) && outranks(candidate, incumbent);
  }

  #propose(vote: Vote): void {
    this.#proposal = vote;
    this.#finalizeIn = undefined;
    this.#broadcast();
  }

  #broadcast(): void {
    const { options, serverId, votes, round } = this.#core;
    if (votes && this.#proposal !== null) {
      this.#thisRound.put(serverId, { state: 'looking', round, vote: this.#proposal });
    }
    for (const peer of options.quorums.participants) if (peer !== serverId) this.#tell(peer);
  }

  #tell(peer: ServerId): void {
    const { outbox, round } = this.#core;
    outbox.notify(peer, this.#core.notification('looking', this.#proposal, round));
  }

  /** Whether the round can end: at once when everybody who is there votes alike, and else after a short wait. */
  #considerProposal(): void {
    const ballot = this.#ballot();
    if (ballot === null || !this.#thisRound.hasQuorumFor(ballot)) {
      this.#finalizeIn = undefined;
      return;
    }
    if (this.#everybodyAgrees(ballot)) this.#decideProposal();
    else this.#finalizeIn ??= this.#core.options.timing.finalizeTicks;
  }

  #everybodyAgrees(ballot: Ballot): boolean {
    const { connectedPeers, options, serverId } = this.#core;
    return options.quorums.participants.every(
      (peer) => peer === serverId || !connectedPeers.has(peer) || this.#thisRound.agrees(peer, ballot),
    );
  }

  #ballot(): Ballot | null {
    return this.#proposal === null ? null : { state: 'looking', round: this.#core.round, vote: this.#proposal };
  }

  #decideProposal(): void {
    if (this.#proposal !== null) this.#decide(this.#proposal, this.#core.round);
  }

  #decide(vote: Vote, round: number): void {
    const { serverId } = this.#core;
    this.#core.outcome = vote;
    this.#core.outcomeRound = round;
    this.#core.become(vote.leader === serverId ? { kind: 'lead' } : { kind: 'learn', leader: vote.leader });
  }
}
