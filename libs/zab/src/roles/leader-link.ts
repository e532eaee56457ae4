import type { ServerId } from '@corral/primitives';
import type { Core } from '../core.js';
import type { LinkId } from '../link.js';

/** As many as with Apache's. A member that was elected and has seen a better vote since does not listen at all. */
const REFUSALS_MAX = 5;

/** A learner's way to its leader: it tries to connect until it is connected or out of time. */
export class LeaderLink {
  readonly #core: Core;
  readonly #leader: ServerId;
  #link: LinkId | undefined;
  #waitedTicks = 0;
  #refusals = 0;
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

  /** A leader may listen a moment later than its followers know of it. One that has no election connection either is gone. */
  unreachable(leader: ServerId): void {
    if (leader !== this.#leader || this.#link !== undefined) return;
    const { connectedPeers, options } = this.#core;
    this.#refusals += 1;
    if (this.#refusals >= REFUSALS_MAX) this.#core.look('the elected member does not lead');
    else if (connectedPeers.has(leader)) this.#reconnectIn = options.timing.reconnectTicks;
    else this.#core.look('the leader cannot be reached');
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
