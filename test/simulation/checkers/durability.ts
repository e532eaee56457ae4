import { epochOf, type ServerId } from '@corral/primitives';
import type { Applied } from '../world/disk.js';
import type { Member } from '../world/member.js';
import { BrokenPromiseError } from './broken-promise.js';
import { name } from './total-order.js';

/** What is delivered for the first time is on the disks of a quorum, and stays in the history of every leader that serves. */
export class DurabilityChecker {
  readonly #isQuorum: (has: (serverId: ServerId) => boolean) => boolean;

  constructor(isQuorum: (has: (serverId: ServerId) => boolean) => boolean) {
    this.#isQuorum = isQuorum;
  }

  /** CommittedIsDurable. */
  deliveredFirst(transaction: Applied, members: readonly Member[]): void {
    const holders = new Set(
      members.filter(({ disk }) => disk.hasDurably(transaction.zxid, transaction.text)).map(({ serverId }) => serverId),
    );
    if (this.#isQuorum((serverId) => holders.has(serverId))) return;
    const who = holders.size === 0 ? 'nobody' : [...holders].join(', ');
    throw new BrokenPromiseError(
      'CommittedIsDurable',
      `${name(transaction)} is delivered, and on the disk of ${who} only`,
    );
  }

  /** PrimaryIntegrity: a leader has all that was delivered in earlier epochs before it broadcasts. */
  established(leader: Member, epoch: number, sequence: readonly Applied[]): void {
    const history = leader.disk.history();
    sequence.forEach((transaction, place) => {
      // A leader that was left behind may begin to serve late: it can have nothing of newer epochs, and commits nothing.
      if (epochOf(transaction.zxid) >= epoch) return;
      const own = history[place];
      if (own?.zxid === transaction.zxid && own.text === transaction.text) return;
      const has = own === undefined ? 'nothing' : name(own);
      throw new BrokenPromiseError(
        'PrimaryIntegrity',
        `leader ${leader.serverId} has ${has} as number ${place}, where ${name(transaction)} was delivered`,
      );
    });
  }
}
