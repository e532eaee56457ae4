/** What the classes of the registry are told is checked here, once, when they are made. What was left out gets its default. */
import { pathFault } from '@corral/model';
import { EJECTION_DEFAULTS } from './balancing/ejection.js';
import type { EjectionOptions, PlainStrategy, Strategy } from './balancing/strategy.js';
import { given, kindOf, number, oneOf, record, shown, text, whole } from './check-value.js';
import { InvalidInstanceError } from './errors.js';
import { GUARD_DEFAULTS, type GuardOptions } from './guard/guard-options.js';
import { limits } from './instance/limits.js';
import type { PoolOptions } from './types.js';

const PLAIN: readonly PlainStrategy[] = ['round-robin', 'random', 'weighted', 'least-outstanding'];
const STRATEGIES = [...PLAIN, "{ kind: 'sticky' }", "{ kind: 'consistent-hash' }", "{ kind: 'zone-first' }"].join(', ');

/** How a pool chooses, and whom it lets rest. @throws InvalidInstanceError */
export function checkPoolOptions(options: PoolOptions): {
  readonly strategy: Strategy;
  readonly zone?: string;
  readonly ejection: Required<EjectionOptions> | false;
} {
  record('options', options);
  const { ejection, strategy = 'round-robin', zone } = options;
  return {
    strategy: checkStrategy('strategy', strategy),
    ...given('zone', zone, (value) => text('zone', value)),
    ejection: ejection === false ? false : checkEjection(ejection ?? {}),
  };
}

function checkStrategy(field: string, value: unknown): Strategy {
  if (PLAIN.includes(value as PlainStrategy)) return value as PlainStrategy;
  const kind = typeof value === 'object' && value !== null ? (value as { kind?: unknown }).kind : undefined;
  const of = (name: string): string => `${field}.${name}`;
  const strategy = value as Record<string, unknown>;
  switch (kind) {
    case 'sticky':
      return {
        kind,
        ...given('keysMax', strategy['keysMax'], (each) => whole(of('keysMax'), each, 1, limits.keysMax)),
      };
    case 'consistent-hash':
      return {
        kind,
        ...given('replicas', strategy['replicas'], (each) => whole(of('replicas'), each, 1, limits.replicasMax)),
        ...given('loadFactor', strategy['loadFactor'], (each) => number(of('loadFactor'), each, 1, limits.weightMax)),
      };
    case 'zone-first': {
      const within = given('within', strategy['within'], (each) => checkStrategy(of('within'), each));
      const enough = given('enough', strategy['enough'], (each) => number(of('enough'), each, 0, limits.weightMax));
      if (typeof within.within === 'object' && within.within.kind === 'zone-first') {
        throw new InvalidInstanceError(of('within'), 'must be another strategy than zone-first');
      }
      return { kind, ...within, ...enough } as Strategy;
    }
    default:
      throw new InvalidInstanceError(
        field,
        `must be one of ${STRATEGIES}, not ${kind === undefined ? shown(value) : `{ kind: ${shown(kind)} }`}`,
      );
  }
}

function checkEjection(options: EjectionOptions): Required<EjectionOptions> {
  record('ejection', options);
  const filled = filledFrom(EJECTION_DEFAULTS, options);
  for (const name of ['consecutiveFailures', 'callsMin', 'windowMs', 'baseMs', 'maxMs'] as const) {
    whole(`ejection.${name}`, filled[name], 1, limits.durationMsMax);
  }
  for (const name of ['errorRate', 'shareMax'] as const) number(`ejection.${name}`, filled[name], 0, 1);
  return filled;
}

/** When the guard acts. @throws InvalidInstanceError */
export function checkGuard(options: GuardOptions): Required<GuardOptions> {
  record('guard', options);
  const filled = filledFrom(GUARD_DEFAULTS, options);
  number('guard.share', filled.share, 0, 1);
  for (const name of ['instancesMin', 'windowMs', 'keepMs'] as const) {
    whole(`guard.${name}`, filled[name], 1, limits.durationMsMax);
  }
  return filled;
}

/** A place in the tree, below which there is room for more. @throws InvalidInstanceError */
export function checkRoot(field: string, path: unknown): string {
  if (typeof path !== 'string') throw new InvalidInstanceError(field, `must be a path, not ${kindOf(path)}`);
  const fault = path === '/' ? 'it is the root of the tree' : pathFault(path);
  if (fault === undefined) return path;
  throw new InvalidInstanceError(field, `must be a path such as /services, not ${shown(path)}: ${fault}`);
}

/** What stands in the payload. @throws InvalidInstanceError */
export function checkPayload(payload: unknown): 'none' | 'spring' {
  return oneOf('payload', payload, ['none', 'spring']);
}

/** The values given, and for those left out, or `undefined`, the defaults. */
function filledFrom<T extends object>(defaults: T, given: Partial<T>): T {
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(present) };
}
