import { assert, type Zxid } from '@corral/primitives';
import type { ProposalMessage } from '../messages.js';

const COMPACT_AT = 4096;

/** Proposals that are not committed, oldest first: learners that come later get them, and observers get each when it is committed. */
export class OutstandingProposals {
  #proposals: ProposalMessage[] = [];
  #head = 0;

  get size(): number {
    return this.#proposals.length - this.#head;
  }

  push(proposal: ProposalMessage): void {
    this.#proposals.push(proposal);
  }

  /** Takes the oldest out, which must be this one. */
  shift(zxid: Zxid): ProposalMessage {
    const proposal = this.#proposals[this.#head];
    assert(proposal?.zxid === zxid, 'proposals are committed one after the other');
    this.#head += 1;
    if (this.#head === this.#proposals.length) {
      this.#proposals.length = 0;
      this.#head = 0;
    } else if (this.#head >= COMPACT_AT) {
      this.#proposals = this.#proposals.slice(this.#head);
      this.#head = 0;
    }
    return proposal;
  }

  *[Symbol.iterator](): Iterator<ProposalMessage> {
    for (let index = this.#head; index < this.#proposals.length; index += 1) yield this.#proposals[index]!;
  }
}
