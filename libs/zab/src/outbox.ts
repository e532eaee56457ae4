import type { ServerId } from '@corral/primitives';
import type { Effect, PassedMessage } from './effects.js';
import type { Notification } from './election-messages.js';
import type { LinkId } from './link.js';
import type { QuorumMessage } from './messages.js';

/** Collects effects in the order in which they are wanted. */
export class Outbox {
  #effects: Effect[] = [];

  take(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  push(effect: Effect): void {
    this.#effects.push(effect);
  }

  send(links: readonly LinkId[], message: QuorumMessage): void {
    if (links.length > 0) this.#effects.push({ kind: 'send', links, message });
  }

  notify(to: ServerId, notification: Notification): void {
    this.#effects.push({ kind: 'notify', to, notification });
  }

  deliver(link: LinkId, from: ServerId, message: PassedMessage): void {
    this.#effects.push({ kind: 'deliver', link, from, message });
  }

  close(link: LinkId, reason: string): void {
    this.#effects.push({ kind: 'close', link, reason });
  }
}
