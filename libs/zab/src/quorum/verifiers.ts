import type { ServerId } from '@corral/primitives';
import type { QuorumVerifier } from './quorum-verifier.js';

/** More than half of the participants decide. */
export function majorityQuorums(participants: readonly ServerId[]): QuorumVerifier {
  const voters = ascending(participants);
  return {
    participants: voters,
    isQuorum(has) {
      let count = 0;
      for (const voter of voters) if (has(voter)) count += 1;
      return count * 2 > voters.length;
    },
    weightOf: (serverId) => (voters.includes(serverId) ? 1 : 0),
  };
}

/** A group of members, as `group.N` names it. */
export interface QuorumGroup {
  readonly id: number;
  readonly members: readonly ServerId[];
}

interface WeighedGroup {
  readonly members: readonly { readonly serverId: ServerId; readonly weight: number }[];
  readonly weight: number;
}

/**
 * More than half of the groups decide, a group by members with more than half of its weight. A member without a weight of its own counts 1;
 * a group without weight does not count.
 */
export function hierarchicalQuorums(
  participants: readonly ServerId[],
  groups: readonly QuorumGroup[],
  weights: ReadonlyMap<ServerId, number>,
): QuorumVerifier {
  const voters = ascending(participants);
  const weightOf = (serverId: ServerId): number => (voters.includes(serverId) ? (weights.get(serverId) ?? 1) : 0);
  const weighed = groups.map((group) => weigh(group, weightOf)).filter((group) => group.weight > 0);
  return {
    participants: voters,
    isQuorum: (has) => {
      let won = 0;
      for (const group of weighed) if (decides(group, has)) won += 1;
      return won * 2 > weighed.length;
    },
    weightOf,
  };
}

function ascending(participants: readonly ServerId[]): readonly ServerId[] {
  return [...new Set(participants)].sort((a, b) => a - b);
}

function weigh(group: QuorumGroup, weightOf: (serverId: ServerId) => number): WeighedGroup {
  const members = group.members.map((serverId) => ({ serverId, weight: weightOf(serverId) }));
  return { members, weight: members.reduce((sum, member) => sum + member.weight, 0) };
}

function decides(group: WeighedGroup, has: (serverId: ServerId) => boolean): boolean {
  let weight = 0;
  for (const member of group.members) if (member.weight > 0 && has(member.serverId)) weight += member.weight;
  return weight * 2 > group.weight;
}
