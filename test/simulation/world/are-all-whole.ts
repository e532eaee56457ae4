import type { Applied } from './disk.js';
import type { Member } from './member.js';

/** Whether all serve, and have all of the sequence for good. Nothing is under way either: an ack on its way counts, and must not outlive its disk. */
export function areAllWhole(members: readonly Member[], sequence: readonly Applied[]): boolean {
  const last = sequence.at(-1);
  // In one epoch, too: a member that stands still in an older one could else agree on the newer one again, with the member that has lost its promise.
  const epoch = members[0]?.epoch;
  return members.every(
    ({ serves, disk, epoch: own }) =>
      serves !== undefined &&
      own === epoch &&
      (last === undefined || (disk.lastZxid === last.zxid && disk.hasDurably(last.zxid, last.text))),
  );
}
