import type { Member } from '../world/member.js';
import type { Applied } from '../world/disk.js';
import { BrokenPromiseError } from './broken-promise.js';

/** Liveness: when nothing fails any more, one leads, all others follow it, and everybody has delivered the same. */
export function hasConverged(members: readonly Member[], sequence: readonly Applied[]): boolean {
  const leaders = members.filter(({ serves }) => serves === 'leading');
  const [leader] = leaders;
  if (leader === undefined || leaders.length > 1) return false;
  return members.every(
    ({ serves, epoch, disk }) =>
      serves !== undefined && epoch === leader.epoch && disk.applied.length === sequence.length,
  );
}

/** @throws BrokenPromiseError when members have not converged although they had the time. */
export function checkConverged(members: readonly Member[], sequence: readonly Applied[]): void {
  if (hasConverged(members, sequence)) return;
  const states = members.map((member) => member.describe()).join('; ');
  throw new BrokenPromiseError('Liveness', `the members do not come together: ${states}; ${sequence.length} delivered`);
}
