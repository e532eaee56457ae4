import { checkInstanceSpec, InvalidInstanceError, limits } from '@corral/registry';
import type { ServiceOptions } from './service-options.js';

/** Stand for what is known when the server listens. */
const ADDRESS_TO_COME = 'found-out-later';
const PORT_TO_COME = 1;

/**
 * What is registered later is checked at start: a service that nobody finds because of a typing mistake had better not start.
 * @throws InvalidInstanceError that names the option
 */
export function checkServiceOptions(options: ServiceOptions): ServiceOptions {
  const { name, drainGraceMs, leaveTimeoutMs, address = ADDRESS_TO_COME, port = PORT_TO_COME, ...spec } = options;
  try {
    checkInstanceSpec({ ...spec, service: name, address, port });
    checkWhole('drainGraceMs', drainGraceMs, 0, limits.drainGraceMsMax);
    checkWhole('leaveTimeoutMs', leaveTimeoutMs, 1, limits.durationMsMax);
  } catch (error) {
    if (!(error instanceof InvalidInstanceError)) throw error;
    throw new InvalidInstanceError(`registerService.${error.field === 'service' ? 'name' : error.field}`, error.reason);
  }
  return options;
}

function checkWhole(field: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
  throw new InvalidInstanceError(field, `must be a whole number from ${min} to ${max}, not ${String(value)}`);
}
