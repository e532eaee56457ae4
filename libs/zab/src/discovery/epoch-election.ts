import type { ServerId, Zxid } from '@corral/primitives';
import type { QuorumVerifier } from '../quorum/quorum-verifier.js';

/** What a history ends with: enough to tell which of two is newer. */
export interface HistorySummary {
  readonly currentEpoch: number;
  readonly lastZxid: Zxid;
}

/** Whether `a` has seen more than `b`. A leader whose follower has would take what is committed away from it. */
export function isNewer(a: HistorySummary, b: HistorySummary): boolean {
  return a.currentEpoch > b.currentEpoch || (a.currentEpoch === b.currentEpoch && a.lastZxid > b.lastZxid);
}

/** Counts the participants that have said something once, the leader among them. */
export class Assent {
  readonly #quorums: QuorumVerifier;
  readonly #members = new Set<ServerId>();

  constructor(quorums: QuorumVerifier) {
    this.#quorums = quorums;
  }

  add(serverId: ServerId): void {
    this.#members.add(serverId);
  }

  /** Whoever leaves may come back with another history: what it said counts no more. */
  remove(serverId: ServerId): void {
    this.#members.delete(serverId);
  }

  has(serverId: ServerId): boolean {
    return this.#members.has(serverId);
  }

  get isQuorum(): boolean {
    return this.#quorums.isQuorum((serverId) => this.#members.has(serverId));
  }
}
