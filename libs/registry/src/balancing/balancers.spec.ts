import { describe, expect, it } from '@jest/globals';
import { instanceOf, seededRandom } from '../instance/instance.fake.js';
import type { ServiceInstance } from '../instance/instance.js';
import type { Balancer, Candidate, PickRequest } from './balancer.js';
import { makeBalancer } from './make-balancer.js';
import type { Strategy } from './strategy.js';

function candidates(...ids: string[]): Candidate[] {
  return ids.map((id) => candidate(id));
}

function candidate(id: string, change: Partial<ServiceInstance> = {}, outstanding = 0): Candidate {
  return { instance: instanceOf(id, change), outstanding };
}

function picks(balancer: Balancer, among: readonly Candidate[], count: number, request: PickRequest = {}): string[] {
  return Array.from({ length: count }, () => balancer.pick(among, request)?.instance.id ?? 'nobody');
}

function tally(ids: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1;
  return counts;
}

const keys = Array.from({ length: 2000 }, (_, i) => `user-${i}`);
const owners = (balancer: Balancer, among: readonly Candidate[]): string[] =>
  keys.map((key) => balancer.pick(among, { key })!.instance.id);

const all: Strategy[] = [
  'round-robin',
  'random',
  'weighted',
  'least-outstanding',
  { kind: 'sticky' },
  { kind: 'consistent-hash' },
  { kind: 'consistent-hash', loadFactor: 1.25 },
  { kind: 'zone-first' },
];

describe.each(all)('the strategy %j', (strategy) => {
  it('chooses nobody when there is nobody', () => {
    const balancer = makeBalancer(strategy, seededRandom(1), 'a');
    expect(balancer.pick([], {})).toBeUndefined();
    expect(balancer.pick([], { key: 'k' })).toBeUndefined();
  });

  it('never chooses who is excluded, and chooses everybody else sooner or later', () => {
    const balancer = makeBalancer(strategy, seededRandom(2), 'a');
    const exclude = new Set(['y']);
    const chosen = keys.map((key) => balancer.pick(candidates('x', 'y', 'z'), { key, exclude })!.instance.id);
    expect(new Set(chosen)).toEqual(new Set(['x', 'z']));
    expect(balancer.pick(candidates('y'), { exclude })).toBeUndefined();
  });
});

describe('round robin', () => {
  it('goes through all in turn, also when one leaves', () => {
    const balancer = makeBalancer('round-robin', () => 0);
    expect(picks(balancer, candidates('a', 'b', 'c'), 4)).toEqual(['a', 'b', 'c', 'a']);
    expect(new Set(picks(balancer, candidates('a', 'b'), 2))).toEqual(new Set(['a', 'b']));
  });

  it('begins where chance says', () => {
    expect(
      picks(
        makeBalancer('round-robin', () => 0.7),
        candidates('a', 'b', 'c'),
        1,
      ),
    ).toEqual(['c']);
  });
});

describe('weighted', () => {
  it('gives each its exact share in a round, spread out', () => {
    const among = [candidate('a', { weight: 5 }), candidate('b'), candidate('c')];
    const chosen = picks(
      makeBalancer('weighted', () => 0),
      among,
      7,
    );
    expect(chosen).toEqual(['a', 'a', 'b', 'a', 'c', 'a', 'a']);
  });
});

describe('least outstanding', () => {
  it('chooses who has the fewest calls for its weight', () => {
    const balancer = makeBalancer('least-outstanding', seededRandom(3));
    expect(picks(balancer, [candidate('a', {}, 3), candidate('b', {}, 1)], 3)).toEqual(['b', 'b', 'b']);
    expect(picks(balancer, [candidate('a', { weight: 10 }, 3), candidate('b', {}, 1)], 1)).toEqual(['a']);
  });

  it('lets chance decide among equals', () => {
    const counts = tally(picks(makeBalancer('least-outstanding', seededRandom(4)), candidates('a', 'b', 'c'), 3000));
    for (const id of ['a', 'b', 'c']) expect(counts[id]).toBeGreaterThan(850);
  });
});

describe('sticky', () => {
  it('stays with an instance while it takes work, and takes another when it does not', () => {
    const balancer = makeBalancer({ kind: 'sticky' }, seededRandom(5));
    const among = candidates('a', 'b', 'c');
    const [first] = picks(balancer, among, 1, { key: 'k' });
    expect(new Set(picks(balancer, among, 20, { key: 'k' }))).toEqual(new Set([first]));
    const rest = among.filter(({ instance }) => instance.id !== first);
    const [second] = picks(balancer, rest, 1, { key: 'k' });
    expect(second).not.toBe(first);
    expect(picks(balancer, among, 1, { key: 'k' })).toEqual([second]);
  });

  it('forgets the key that was not used for longest', () => {
    const balancer = makeBalancer({ kind: 'sticky', keysMax: 2 }, () => 0);
    const among = candidates('a', 'b', 'c', 'd');
    for (const key of ['1', '2', '1', '3']) balancer.pick(among, { key });
    expect(picks(balancer, among, 1, { key: '1' })).toEqual(['a']);
    expect(picks(balancer, among, 1, { key: '2' })).toEqual(['d']);
  });
});

describe('consistent hash', () => {
  const ids = Array.from({ length: 10 }, (_, i) => `i-${i}`);

  it('moves only the keys of the instance that leaves', () => {
    const balancer = makeBalancer({ kind: 'consistent-hash' }, () => 0);
    const before = owners(balancer, candidates(...ids));
    const after = owners(balancer, candidates(...ids.slice(1)));
    keys.forEach((_, i) => {
      if (before[i] !== 'i-0') expect(after[i]).toBe(before[i]);
    });
  });

  it('spreads keys by weight', () => {
    const among = [candidate('a', { weight: 3 }), candidate('b')];
    const counts = tally(
      owners(
        makeBalancer({ kind: 'consistent-hash', replicas: 500 }, () => 0),
        among,
      ),
    );
    expect(counts['a']! / keys.length).toBeGreaterThan(0.68);
    expect(counts['a']! / keys.length).toBeLessThan(0.82);
  });

  it('is the same for everybody, in whatever order the instances are known', () => {
    const one = owners(makeBalancer({ kind: 'consistent-hash' }, seededRandom(6)), candidates(...ids));
    const other = owners(makeBalancer({ kind: 'consistent-hash' }, seededRandom(7)), candidates(...[...ids].reverse()));
    expect(other).toEqual(one);
  });

  it('passes by who has more than its bound of calls', () => {
    const balancer = makeBalancer({ kind: 'consistent-hash', loadFactor: 1.25 }, () => 0);
    const among = candidates('a', 'b', 'c', 'd');
    for (let i = 0; i < 400; i += 1) balancer.pick(among, { key: 'hot' })!.outstanding += 1;
    for (const { outstanding } of among) expect(outstanding).toBeLessThanOrEqual(125);
  });
});

describe('zone first', () => {
  const zones = (own: number, other: number): Candidate[] => [
    ...Array.from({ length: own }, (_, i) => candidate(`own-${i}`, { zone: 'a' })),
    ...Array.from({ length: other }, (_, i) => candidate(`far-${i}`, { zone: 'b' })),
  ];
  const shareOfOwn = (among: readonly Candidate[], zone?: string): number => {
    const chosen = picks(makeBalancer({ kind: 'zone-first' }, seededRandom(8), zone), among, 4000);
    return chosen.filter((id) => id.startsWith('own')).length / chosen.length;
  };

  it('stays in the own zone when that is large enough', () => {
    expect(shareOfOwn(zones(3, 3), 'a')).toBe(1);
  });

  it('spills over by as much as the own zone is too small', () => {
    // One of ten: the average of two zones is five, of which 0.7 is enough: 1 / 3.5 of the calls stay.
    expect(shareOfOwn(zones(1, 9), 'a')).toBeCloseTo(1 / 3.5, 1);
  });

  it('goes anywhere when the own zone is empty or there is none', () => {
    expect(picks(makeBalancer({ kind: 'zone-first' }, seededRandom(9), 'c'), zones(1, 1), 50)).toContain('far-0');
    expect(shareOfOwn(zones(2, 2))).toBeCloseTo(0.5, 1);
  });

  it('leaves a key on its side', () => {
    const balancer = makeBalancer({ kind: 'zone-first', within: { kind: 'consistent-hash' } }, seededRandom(10), 'a');
    for (const key of keys.slice(0, 50)) expect(new Set(picks(balancer, zones(1, 9), 5, { key })).size).toBe(1);
  });
});
