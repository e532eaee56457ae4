import { describe, expect, it } from '@jest/globals';
import { type CheckedInstance, httpVerdict, prometheusVerdict, registryVerdict } from './gate-verdicts.js';

const one = (id: string, health: CheckedInstance['health'], check: unknown = {}): CheckedInstance => ({
  id,
  health,
  status: 'UP',
  check,
});

describe("a service's checks as a gate", () => {
  it.each<[string, CheckedInstance[], string[], string]>([
    ['all pass', [one('a', 'passing'), one('b', 'passing')], [], 'pass'],
    ['one fails', [one('a', 'passing'), one('b', 'failing')], [], 'fail'],
    ['one has not answered', [one('a', 'passing'), one('b', 'unknown')], [], 'unknown'],
    ['one has no check', [one('a', 'passing'), { id: 'b', health: 'unknown', status: 'UP' }], [], 'pass'],
    ['there is none', [], [], 'unknown'],
    ['one fails that does not run the release', [one('a', 'passing'), one('b', 'failing')], ['a'], 'pass'],
    ['the one that runs the release fails', [one('a', 'passing'), one('b', 'failing')], ['b'], 'fail'],
  ])('%s', (_title, instances, onRelease, verdict) => {
    expect(registryVerdict(instances, new Set(onRelease))).toBe(verdict);
  });
});

describe('a probe as a gate', () => {
  it.each([
    [200, 'pass'],
    [204, 'pass'],
    [302, 'fail'],
    [500, 'fail'],
  ])('%d', (status, verdict) => {
    expect(httpVerdict(status)).toBe(verdict);
  });
});

describe('a metric as a gate', () => {
  const vector = (...values: string[]): unknown => ({
    status: 'success',
    data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1, value] })) },
  });

  it.each<[string, unknown, { min?: number; max?: number }, string]>([
    ['within', vector('0.5'), { max: 1 }, 'pass'],
    ['above', vector('1.5'), { max: 1 }, 'fail'],
    ['below', vector('1.5'), { min: 2 }, 'fail'],
    ['one of several above', vector('0.5', '2'), { max: 1 }, 'fail'],
    ['no number', vector('NaN'), { max: 1 }, 'unknown'],
    ['no series', vector(), { max: 1 }, 'unknown'],
    ['a scalar', { data: { resultType: 'scalar', result: [1, '3'] } }, { min: 3 }, 'pass'],
    ['an error', { status: 'error' }, { max: 1 }, 'unknown'],
    ['not even an answer', undefined, { max: 1 }, 'unknown'],
  ])('%s', (_title, answer, bounds, verdict) => {
    expect(prometheusVerdict(answer, bounds)).toBe(verdict);
  });
});
