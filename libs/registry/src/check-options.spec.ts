import { describe, expect, it } from '@jest/globals';
import { checkGuard, checkPoolOptions } from './check-options.js';
import { InvalidInstanceError } from './errors.js';
import { RegistryStage } from './registry-stage.fake.js';
import type { PoolOptions, RegistryOptions } from './types.js';

function fault(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof InvalidInstanceError) return error.message;
    throw error;
  }
  return 'none';
}

describe('what a pool is told', () => {
  it('may be nothing', () => {
    expect(checkPoolOptions({})).toMatchObject({ strategy: 'round-robin', ejection: { shareMax: 0.5, callsMin: 20 } });
  });

  it('is taken as it is when it can be', () => {
    const within = { kind: 'consistent-hash', replicas: 10, loadFactor: 1.25 } as const;
    const strategy = { kind: 'zone-first', within, enough: 0.5 } as const;
    const checked = checkPoolOptions({ strategy, zone: 'eu-1', ejection: false });
    expect(checked).toEqual({ strategy, zone: 'eu-1', ejection: false });
    const { ejection } = checkPoolOptions({ ejection: { errorRate: 1, callsMin: undefined! } });
    expect(ejection).toMatchObject({ errorRate: 1, callsMin: 20 });
  });

  it.each([
    [{ strategy: 'round-robbin' }, /^strategy: must be one of round-robin, .*'zone-first' \}, not "round-robbin"$/],
    [{ strategy: 'sticky' }, /^strategy: must be one of .*\{ kind: 'sticky' \}.*, not "sticky"$/],
    [{ strategy: { kind: 'nearest' } }, /^strategy: must be one of .*, not \{ kind: "nearest" \}$/],
    [{ strategy: { kind: 'sticky', keysMax: 0 } }, /^strategy.keysMax: must be a whole number from 1 /],
    [{ strategy: { kind: 'consistent-hash', replicas: 1e9 } }, /^strategy.replicas: must be a whole number from 1 /],
    [{ strategy: { kind: 'consistent-hash', loadFactor: 0.5 } }, /^strategy.loadFactor: must be a number from 1 /],
    [{ strategy: { kind: 'zone-first', within: 'near' } }, /^strategy.within: must be one of /],
    [
      { strategy: { kind: 'zone-first', within: { kind: 'zone-first' } } },
      /^strategy.within: must be another strategy/,
    ],
    [{ zone: 7 }, /^zone: must be a string/],
    [{ ejection: true }, /^ejection: must be an object/],
    [{ ejection: { errorRate: 50 } }, /^ejection.errorRate: must be a number from 0 to 1, not 50$/],
    [{ ejection: { consecutiveFailures: 0 } }, /^ejection.consecutiveFailures: must be a whole number from 1 /],
    [{ ejection: { baseMs: Infinity } }, /^ejection.baseMs: must be a whole number/],
    ['round-robin', /^options: must be an object, not string$/],
  ])('is refused when it is %j', (options, message) => {
    expect(fault(() => checkPoolOptions(options as PoolOptions))).toMatch(message);
  });
});

describe('what a registry is told', () => {
  it.each([
    [{ root: 'services' }, /^root: must be a path such as \/services, not "services": /],
    [{ root: '/services/' }, /^root: must be a path such as \/services, not "\/services\/": /],
    [{ root: '/' }, /^root: .*: it is the root of the tree$/],
    [{ notesRoot: 5 }, /^notesRoot: must be a path, not number$/],
    [{ payload: 'curator' }, /^payload: must be one of none, spring, not "curator"$/],
    [{ guard: { share: 50 } }, /^guard.share: must be a number from 0 to 1, not 50$/],
    [{ guard: { instancesMin: 1.5 } }, /^guard.instancesMin: must be a whole number from 1 /],
    // A timer cannot wait longer, and would come at once.
    [{ guard: { keepMs: 2 ** 31 } }, /^guard.keepMs: must be a whole number from 1 to 2147483647, not 2147483648$/],
  ])('is refused when it is %j', async (options, message) => {
    const stage = new RegistryStage();
    await expect(stage.actor(options as RegistryOptions)).rejects.toThrow(message);
  });

  it('has defaults for what is left out, or undefined', () => {
    expect(checkGuard({ share: undefined! })).toEqual(checkGuard({}));
  });
});
