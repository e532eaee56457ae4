import type { ServerId } from '@corral/primitives';

/** Tells which sets of members decide. Any two sets that do have a member in common: the whole protocol rests on it. */
export interface QuorumVerifier {
  /** Everybody who votes, in ascending order. */
  readonly participants: readonly ServerId[];
  /** Whether the members of whom `has` is true decide. `has` is asked for participants only. */
  isQuorum(has: (serverId: ServerId) => boolean): boolean;
  /** A member of weight 0 may vote and changes nothing, and cannot lead. */
  weightOf(serverId: ServerId): number;
}
