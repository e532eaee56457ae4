import { counterOf, type ServerId, type Zxid } from '@corral/primitives';
import type { AckMessage, Effect, LinkId, Notification, QuorumMessage } from '@corral/zab';
import { TamperedMachine } from './tampered-machine.js';

/** Votes without a look at histories, and asks nobody about theirs. */
export class ElectsTheShorterLog extends TamperedMachine {
  override receiveNotification(from: ServerId, notification: Notification): void {
    const { vote } = notification;
    if (vote === null || notification.state !== 'looking') return super.receiveNotification(from, notification);
    super.receiveNotification(from, { ...notification, vote: { ...vote, zxid: 0 as Zxid, peerEpoch: 0 } });
  }

  override takeEffects(): Effect[] {
    return super.takeEffects().map((effect) => {
      if (effect.kind !== 'notify' || effect.notification.state !== 'looking') return effect;
      const { notification } = effect;
      const vote = notification.vote === null ? null : { ...notification.vote, zxid: 0 as Zxid, peerEpoch: 0 };
      return { ...effect, notification: { ...notification, vote } };
    });
  }

  override receive(link: LinkId, message: QuorumMessage): void {
    super.receive(link, message.kind === 'ack-epoch' ? { ...message, currentEpoch: 0 } : message);
  }
}

/** Knows the links on which it brought learners to its history. */
abstract class KnowsItsLearners extends TamperedMachine {
  protected readonly learners = new Set<LinkId>();

  override takeEffects(): Effect[] {
    const effects = super.takeEffects();
    for (const effect of effects) {
      if (effect.kind === 'synchronize') this.learners.add(effect.link);
      if (effect.kind === 'close') this.learners.delete(effect.link);
      if (effect.kind === 'state' && effect.state.doing === 'looking') this.learners.clear();
    }
    return effects;
  }
}

/** Takes an ack of one follower for an ack of every other too. */
export class CountsAnAckTwice extends KnowsItsLearners {
  override receive(link: LinkId, message: QuorumMessage): void {
    super.receive(link, message);
    if (message.kind !== 'ack' || counterOf(message.zxid) === 0) return;
    for (const other of this.learners) if (other !== link) super.receive(other, message);
  }
}

/** Goes on without its followers: takes those that left for ones that acknowledge everything. */
export class LeadsOnAlone extends KnowsItsLearners {
  readonly #gone = new Set<LinkId>();

  override linkClosed(link: LinkId): void {
    if (this.learners.has(link)) this.#gone.add(link);
    else super.linkClosed(link);
  }

  override propose(transaction: Uint8Array): void {
    const zxid = this.nextZxid!;
    super.propose(transaction);
    this.#acknowledge({ kind: 'ack', zxid });
  }

  override tick(): void {
    this.#acknowledge({ kind: 'ack', zxid: 0 as Zxid });
    super.tick();
  }

  #acknowledge(ack: AckMessage): void {
    for (const link of this.#gone) if (this.learners.has(link)) super.receive(link, ack);
  }
}
