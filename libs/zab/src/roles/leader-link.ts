import type { ServerId } from '@corral/primitives';
import type { Core } from '../core.js';
import type { Notification } from '../election-messages.js';
import type { LinkId } from '../link.js';

/** A learner's way to its leader: it tries to connect until it is connected or out of time. */
export class LeaderLink {
  readonly #core: Core;
  readonly #leader: ServerId;
  #link: LinkId | undefined;
  #waitedTicks = 0;
  #reconnectIn: number | undefined;

  constructor(core: Core, leader: ServerId) {
    this.#core = core;
    this.#leader = leader;
  }

  get link(): LinkId | undefined {
    return this.#link;
  }

  connect(): void {
    this.#core.outbox.push({ kind: 'connect', leader: this.#leader });
  }

  /** Whether this is the connection that was asked for. */
  connected(leader: ServerId, link: LinkId): boolean {
    if (leader !== this.#leader || this.#link !== undefined) return false;
    this.#link = link;
    return true;
  }

  /**
   * A leader may listen a moment later than its followers know of it. One that has no election connection either is gone; one that goes on
   * refusing has seen a better vote since, and does not lead.
   */
  unreachable(leader: ServerId): void {
    if (leader !== this.#leader || this.#link !== undefined) return;
    const { connectedPeers, options } = this.#core;
    const { reconnectTicks, refusedTicks } = options.timing;
    if (!connectedPeers.has(leader)) this.#core.look('the leader cannot be reached');
    else if (this.#waitedTicks >= refusedTicks) this.#core.look('the elected member does not lead');
    else this.#reconnectIn = reconnectTicks;
  }

  /**
   * Whether the elected member says that it will not lead: it is in a later round, has taken over a better vote in this one, or follows somebody.
   * One that votes for itself yet may only be slow to believe it, see `refusedTicks`.
   */
  hasGivenUp({ state, electionEpoch, vote }: Notification): boolean {
    if (state !== 'looking') return state !== 'leading';
    const { round } = this.#core;
    return electionEpoch > round || (electionEpoch === round && vote?.leader !== this.#leader);
  }

  tick(): void {
    if (this.#link !== undefined) return;
    this.#waitedTicks += 1;
    if (this.#waitedTicks > this.#core.options.timing.initTicks) {
      this.#core.look('the leader did not take the connection in time');
    } else if (this.#reconnectIn !== undefined) {
      this.#reconnectIn -= 1;
      if (this.#reconnectIn > 0) return;
      this.#reconnectIn = undefined;
      this.connect();
    }
  }
}
