import type { ServerId } from '@corral/primitives';
import type { ReplicaOptions, ReplicaState } from '@corral/zab';
import type { MemberPorts } from '../member.js';
import type { MemberOptions } from '../options.js';
import type { PeerNetwork, ReplicaStorage } from './ports.js';

/** What an operator can set for a member of an ensemble. */
export interface EnsembleOptions extends MemberOptions {
  readonly replica: ReplicaOptions;
  /** The members as text, in `/zookeeper/config`. */
  readonly configText: string;
  /** Off: while this member leads it serves no clients. */
  readonly leaderServes: boolean;
  /** After so long without a leader it serves clients that are content with reading; undefined: never. */
  readonly readOnlyGraceMs: number | undefined;
  /** How many members vote. */
  readonly participants: readonly ServerId[];
}

/** What a member of an ensemble works with. */
export interface EnsemblePorts extends Omit<MemberPorts, 'log' | 'store'> {
  readonly storage: ReplicaStorage;
  readonly network: PeerNetwork;
}

/** What a member does that does nothing yet, or any more. */
export const NOT_STARTED: ReplicaState = {
  doing: 'looking',
  phase: 'election',
  leader: null,
  epoch: null,
  reason: 'starting',
};
