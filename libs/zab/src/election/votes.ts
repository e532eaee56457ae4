import type { PeerState, Vote } from '../election-messages.js';

/** A vote as it was received. */
export interface Ballot {
  readonly state: PeerState;
  readonly round: number;
  readonly vote: Vote;
}

/** Whether the candidate should lead rather than the incumbent: by the epoch of its history, then its last transaction, then its id. */
export function outranks(candidate: Vote, incumbent: Vote): boolean {
  if (candidate.peerEpoch !== incumbent.peerEpoch) return candidate.peerEpoch > incumbent.peerEpoch;
  if (candidate.zxid !== incumbent.zxid) return candidate.zxid > incumbent.zxid;
  return candidate.leader > incumbent.leader;
}

/**
 * Whether two ballots are for the same outcome. While anybody is still looking they must be alike in all; of an election that is over, members
 * may remember different rounds and zxids (ZOOKEEPER-1805), and the leader with its epoch says enough.
 */
export function agree(a: Ballot, b: Ballot): boolean {
  if (a.vote.leader !== b.vote.leader || a.vote.peerEpoch !== b.vote.peerEpoch) return false;
  if (a.state !== 'looking' && b.state !== 'looking') return true;
  return a.round === b.round && a.vote.zxid === b.vote.zxid;
}
