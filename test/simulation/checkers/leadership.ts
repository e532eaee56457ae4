import type { ServerId } from '@corral/primitives';
import { BrokenPromiseError } from './broken-promise.js';

/** Leadership: an epoch has one leader at most, from the moment when a quorum has accepted it. */
export class LeadershipChecker {
  readonly #leaders = new Map<number, ServerId>();

  leads(serverId: ServerId, epoch: number): void {
    const other = this.#leaders.get(epoch);
    if (other !== undefined && other !== serverId) {
      throw new BrokenPromiseError('Leadership', `epoch ${epoch} is led by ${other} and by ${serverId}`);
    }
    this.#leaders.set(epoch, serverId);
  }
}
