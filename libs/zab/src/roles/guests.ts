import type { Core } from '../core.js';
import type { LinkId } from '../link.js';
import type { QuorumMessage } from '../messages.js';

/** More than any ensemble has members. */
const GUESTS_MAX = 64;

interface Guest {
  said: QuorumMessage | undefined;
  waitedTicks: number;
}

/**
 * Connections to this member's quorum port whose learner this member has not greeted: it has said nothing yet, or it came before this member knew
 * that it leads, because whoever elected it may have heard the last vote a moment earlier. By the protocol a learner says one thing and waits.
 */
export class Guests {
  readonly #core: Core;
  readonly #guests = new Map<LinkId, Guest>();

  constructor(core: Core) {
    this.#core = core;
  }

  add(link: LinkId): void {
    if (this.#guests.size >= GUESTS_MAX) this.#core.outbox.close(link, 'too many learners wait for an election to end');
    else this.#guests.set(link, { said: undefined, waitedTicks: 0 });
  }

  remove(link: LinkId): void {
    this.#guests.delete(link);
  }

  receive(link: LinkId, message: QuorumMessage): void {
    const guest = this.#guests.get(link);
    if (guest === undefined) return;
    if (guest.said === undefined) guest.said = message;
    else this.#dismiss(link, `${message.kind} before the leader has said anything`);
  }

  tick(): void {
    for (const [link, guest] of this.#guests) {
      guest.waitedTicks += 1;
      if (guest.waitedTicks > this.#core.options.timing.initTicks) this.#dismiss(link, 'no leader in time');
    }
  }

  /** Everybody who has said something, and what; the others stay. */
  takeSpeakers(): [LinkId, QuorumMessage][] {
    const speakers: [LinkId, QuorumMessage][] = [];
    for (const [link, { said }] of this.#guests) if (said !== undefined) speakers.push([link, said]);
    for (const [link] of speakers) this.#guests.delete(link);
    return speakers;
  }

  dismissAll(reason: string): void {
    for (const link of this.#guests.keys()) this.#dismiss(link, reason);
  }

  #dismiss(link: LinkId, reason: string): void {
    this.#core.outbox.close(link, reason);
    this.#guests.delete(link);
  }
}
