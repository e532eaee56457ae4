import { InvalidOptionError } from '@corral/client';

const NUMBERS = ['timeoutMs', 'connectTimeoutMs', 'attemptsMax'] as const;
const FUNCTIONS = ['keyOf', 'portOf'] as const;

/** The settings that are checked, whatever they are. */
type Checked = Readonly<Partial<Record<(typeof NUMBERS | typeof FUNCTIONS)[number], unknown>>>;

/** As long as a timer can wait. */
const WHOLE_MAX = 0x7fff_ffff;

/** @throws InvalidOptionError that names the setting, and what would be right */
export function checkClientSettings<T extends Checked>(service: string, settings: T): T {
  for (const name of NUMBERS) {
    const value = settings[name];
    if (value === undefined || isCount(value)) continue;
    throw wrong(service, name, `must be a whole number from 1 to ${WHOLE_MAX}, not ${JSON.stringify(value)}`);
  }
  for (const name of FUNCTIONS) {
    const value = settings[name];
    if (value === undefined || typeof value === 'function') continue;
    throw wrong(service, name, `must be a function, not ${typeof value}`);
  }
  return settings;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= WHOLE_MAX;
}

function wrong(service: string, name: string, reason: string): InvalidOptionError {
  return new InvalidOptionError(`the client of ${service}: ${name}`, reason);
}
