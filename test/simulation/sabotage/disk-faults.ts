import { type Effect, type QuorumMessage, type LinkId } from '@corral/zab';
import { TamperedMachine } from './tampered-machine.js';

/** Believes that everything is on disk as soon as it was written. */
export class AcknowledgesBeforeSync extends TamperedMachine {
  override takeEffects(): Effect[] {
    const effects = super.takeEffects();
    if (!effects.some(({ kind }) => kind === 'append')) return effects;
    this.replica.logSynced(this.replica.lastZxid);
    return [...effects, ...super.takeEffects()];
  }
}

/** Believes it of the history that it has taken over, when NEWLEADER asks. */
export class AcknowledgesHistoryBeforeSync extends TamperedMachine {
  override receive(link: LinkId, message: QuorumMessage): void {
    if (message.kind === 'new-leader') this.replica.logSynced(this.replica.lastZxid);
    super.receive(link, message);
  }
}

/** Writes its epochs later than it says. */
export class PromisesBeforeEpochsAreStored extends TamperedMachine {
  override takeEffects(): Effect[] {
    const effects = super.takeEffects();
    const store = effects.find((effect) => effect.kind === 'store-epochs');
    if (store?.kind !== 'store-epochs') return effects;
    this.replica.epochsStored(store.acceptedEpoch, store.currentEpoch);
    return [...effects.filter((effect) => effect !== store), ...this.takeEffects()];
  }
}

/** Does not log one proposal in a few. */
export class SkipsProposals extends TamperedMachine {
  #appends = 0;

  override takeEffects(): Effect[] {
    return super.takeEffects().filter((effect) => {
      if (effect.kind !== 'append') return true;
      this.#appends += 1;
      return this.#appends % 12 !== 0;
    });
  }
}

/** Keeps what it was told to truncate. */
export class DoesNotTruncate extends TamperedMachine {
  override takeEffects(): Effect[] {
    const effects = super.takeEffects();
    if (!effects.some(({ kind }) => kind === 'truncate')) return effects;
    this.replica.logTruncated();
    return [...effects.filter(({ kind }) => kind !== 'truncate'), ...super.takeEffects()];
  }
}

/** Applies what is only proposed. */
export class AppliesUncommitted extends TamperedMachine {
  override takeEffects(): Effect[] {
    return super
      .takeEffects()
      .flatMap((effect): Effect[] =>
        effect.kind === 'append' ? [effect, { kind: 'commit', through: effect.zxid }] : [effect],
      );
  }
}

/** Believes a COMMIT that comes before UPTODATE. */
export class BelievesEarlyCommits extends TamperedMachine {
  override receive(link: LinkId, message: QuorumMessage): void {
    super.receive(link, message);
    if (message.kind === 'commit' && this.state.phase === 'synchronization') this.#through = message.zxid;
  }

  #through: Extract<QuorumMessage, { kind: 'commit' }>['zxid'] | undefined;

  override takeEffects(): Effect[] {
    const effects = super.takeEffects();
    if (this.#through !== undefined) effects.push({ kind: 'commit', through: this.#through });
    this.#through = undefined;
    return effects;
  }
}
