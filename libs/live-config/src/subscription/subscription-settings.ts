import { randomUUID } from 'node:crypto';
import type { Logger } from '@corral/primitives';
import { systemClock } from '../ensemble/wall-clock.js';
import { InvalidInputError } from '../errors.js';
import { checkLabels, checkName, checkTarget, type Target } from '../names.js';
import type { InstanceIdentity } from '../rollout/spec.js';
import type { SubscriptionClock, SubscriptionOptions } from './types.js';

const DEBOUNCE_MS = 50;
const ACK_SPREAD_MS = 250;

/** Options checked, defaults filled in. */
export interface SubscriptionSettings {
  readonly target: Required<Target>;
  readonly identity: InstanceIdentity;
  readonly debounceMs: number;
  readonly ackSpreadMs: number;
  readonly acknowledge: boolean;
  readonly clock: SubscriptionClock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** @throws InvalidInputError | TooLargeError naming the option */
export function subscriptionSettings(options: SubscriptionOptions): SubscriptionSettings {
  const { localCopy, keys, debounceMs = DEBOUNCE_MS, ackSpreadMs = ACK_SPREAD_MS } = options;
  if (localCopy?.encrypt === true && keys === undefined) {
    throw new InvalidInputError('localCopy.encrypt', 'needs a key ring');
  }
  return {
    target: checkTarget(options.target),
    identity: {
      instanceId: checkName('instanceId', options.instanceId ?? randomUUID()),
      labels: checkLabels(options.labels ?? {}),
    },
    debounceMs: checkMs('debounceMs', debounceMs),
    ackSpreadMs: checkMs('ackSpreadMs', ackSpreadMs),
    acknowledge: options.acknowledge ?? true,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    logger: options.logger ?? (() => undefined),
  };
}

function checkMs(field: string, ms: number): number {
  if (!(ms >= 0 && ms <= 3_600_000)) throw new InvalidInputError(field, 'must be from 0 to 3600000 milliseconds');
  return ms;
}
