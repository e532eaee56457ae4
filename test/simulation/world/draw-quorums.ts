import type { ServerId } from '@corral/primitives';
import { hierarchicalQuorums, majorityQuorums, type QuorumVerifier } from '@corral/zab';
import type { Prng } from '../../prng.js';

/** Groups of five members, and of three. */
const GROUPS: Readonly<Record<number, readonly (readonly number[])[]>> = {
  3: [[1], [2], [3]],
  5: [[1], [2, 3], [4, 5]],
};

/**
 * Who decides in a run: mostly majorities, sometimes weights, sometimes groups. There is always somebody without weight where there are weights.
 * Nobody decides alone: with the disk of that one all would be lost, and the others need never be in step with it.
 */
export function drawQuorums(prng: Prng, voters: readonly ServerId[]): QuorumVerifier {
  const kind = prng.pick(['majority', 'majority', 'weights', 'groups']);
  if (kind === 'majority') return majorityQuorums(voters);
  if (kind === 'groups') {
    const groups = GROUPS[voters.length]!.map((ids, index) => ({ id: index + 1, members: ids as ServerId[] }));
    return hierarchicalQuorums(voters, groups, new Map());
  }
  const weightless = prng.pick(voters);
  for (;;) {
    const weights = new Map(voters.map((voter) => [voter, voter === weightless ? 0 : prng.between(1, 3)]));
    const quorums = hierarchicalQuorums(voters, [{ id: 1, members: voters }], weights);
    if (!voters.some((voter) => quorums.isQuorum((other) => other === voter))) return quorums;
  }
}
