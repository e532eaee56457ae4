import { assert, type ServerId, type Zxid } from '@corral/primitives';
import type { QuorumVerifier } from '../quorum/quorum-verifier.js';

/**
 * Which proposals a quorum has on disk. Everybody acknowledges in the order of zxids, so the newest ack of a member stands for all before it.
 */
export class AckTally {
  readonly #quorums: QuorumVerifier;
  readonly #acked = new Map<ServerId, Zxid>();
  /** What `#has` compares with: a field instead of a closure for each ack. */
  #candidate = 0 as Zxid;
  readonly #has = (serverId: ServerId): boolean => {
    const acked = this.#acked.get(serverId);
    return acked !== undefined && acked >= this.#candidate;
  };

  constructor(quorums: QuorumVerifier) {
    this.#quorums = quorums;
  }

  /** The member has everything through this zxid on disk. */
  ack(serverId: ServerId, zxid: Zxid): void {
    const before = this.#acked.get(serverId);
    if (before === undefined || zxid > before) this.#acked.set(serverId, zxid);
  }

  /** A member that has gone may come back with less: what it had on disk can be truncated before it is sent again. */
  forget(serverId: ServerId): void {
    this.#acked.delete(serverId);
  }

  /** The newest zxid after `committed` and not after `limit` that a quorum has; `committed` when there is none. */
  committable(committed: Zxid, limit: Zxid): Zxid {
    if (this.#isAckedByQuorum(limit)) return limit;
    let best = committed;
    for (const acked of this.#acked.values()) {
      if (acked > best && acked < limit && this.#isAckedByQuorum(acked)) best = acked;
    }
    assert(best >= committed, 'commits only go forward');
    return best;
  }

  #isAckedByQuorum(zxid: Zxid): boolean {
    this.#candidate = zxid;
    return this.#quorums.isQuorum(this.#has);
  }
}
