import { InvalidInputError } from '../errors.js';
import type { Pointer } from '../layout/pointer.js';
import type { Scope } from '../names.js';
import type { PublishWait, ScopeStatus } from './types.js';

/** Where a scope stands by its pointer. */
export function statusOf(scope: Scope, pointer: Pointer): ScopeStatus {
  const { stable, lastRelease, rollout, lastRollout } = pointer;
  return { scope, release: stable?.release ?? 0, lastRelease, rollout: rollout?.state, lastRollout };
}

/** Checks how long to wait for subscribers. @throws InvalidInputError */
export function checkWait(wait: PublishWait): PublishWait {
  const { share, timeoutMs } = wait;
  if (!(share >= 0 && share <= 1)) throw new InvalidInputError('wait.share', 'must be a number from 0 to 1');
  if (!(timeoutMs >= 0)) throw new InvalidInputError('wait.timeoutMs', 'must be a number of milliseconds, 0 or more');
  return wait;
}
