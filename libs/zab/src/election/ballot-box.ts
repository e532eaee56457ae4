import type { ServerId } from '@corral/primitives';
import type { QuorumVerifier } from '../quorum/quorum-verifier.js';
import { agree, type Ballot } from './votes.js';

/** The last ballot of each participant. */
export class BallotBox {
  readonly #quorums: QuorumVerifier;
  readonly #ballots = new Map<ServerId, Ballot>();

  constructor(quorums: QuorumVerifier) {
    this.#quorums = quorums;
  }

  put(from: ServerId, ballot: Ballot): void {
    this.#ballots.set(from, ballot);
  }

  clear(): void {
    this.#ballots.clear();
  }

  of(serverId: ServerId): Ballot | undefined {
    return this.#ballots.get(serverId);
  }

  /** Whether a quorum has voted like this. */
  hasQuorumFor(ballot: Ballot): boolean {
    return this.#quorums.isQuorum((serverId) => this.agrees(serverId, ballot));
  }

  agrees(serverId: ServerId, ballot: Ballot): boolean {
    const other = this.#ballots.get(serverId);
    return other !== undefined && agree(other, ballot);
  }
}
