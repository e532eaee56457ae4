import { describe, expect, it } from '@jest/globals';
import { id } from '../replica.fake.js';
import { hierarchicalQuorums, majorityQuorums } from './verifiers.js';

const ids = (...values: number[]) => values.map(id);
const decides = (quorums: ReturnType<typeof majorityQuorums>, ...members: number[]): boolean =>
  quorums.isQuorum((serverId) => members.includes(serverId));

describe('majorities', () => {
  it.each([
    [3, [1, 2], true],
    [3, [1], false],
    [4, [1, 2], false],
    [4, [1, 2, 4], true],
    [5, [1, 5], false],
    [5, [1, 3, 5], true],
    [1, [1], true],
  ])('of %i: %j decide: %s', (count, members, expected) => {
    const quorums = majorityQuorums(ids(...Array.from({ length: count }, (_, index) => index + 1)));
    expect(decides(quorums, ...members)).toBe(expected);
  });

  it('do not ask members that have no vote', () => {
    expect(decides(majorityQuorums(ids(1, 2, 3)), 7, 8, 9)).toBe(false);
  });
});

describe('groups', () => {
  const groups = [
    { id: 1, members: ids(1, 2, 3) },
    { id: 2, members: ids(4, 5, 6) },
    { id: 3, members: ids(7, 8, 9) },
  ];
  const quorums = hierarchicalQuorums(ids(1, 2, 3, 4, 5, 6, 7, 8, 9), groups, new Map([[id(9), 0]]));

  it.each([
    ['two members in two groups', [1, 2, 4, 5], true],
    ['most members, in one and a half groups', [1, 2, 3, 4, 7], false],
    ['half of the weight of a group is not enough for it', [1, 2, 7], false],
    ['a member without weight adds nothing', [1, 2, 7, 9], false],
    ['the two that have weight decide for their group', [1, 2, 7, 8], true],
  ])('%s', (_title, members, expected) => {
    expect(decides(quorums, ...members)).toBe(expected);
  });

  it('without weight do not count', () => {
    const weightless = new Map([7, 8, 9].map((value) => [id(value), 0] as const));
    const two = hierarchicalQuorums(ids(1, 2, 3, 4, 5, 6, 7, 8, 9), groups, weightless);
    expect(decides(two, 1, 2, 4, 5)).toBe(true);
    expect(decides(two, 1, 2, 7, 8, 9)).toBe(false);
  });
});
