import type { ServerId } from '@corral/primitives';
import type { Epochs, History, QuorumMessage, ReplicaInputs, ReplicaState } from '@corral/zab';
import type { TreeImage } from './disk.js';
import type { ElectionPayload } from './election-port.js';
import type { Witness } from './member.js';
import type { Network } from './network.js';
import type { Prng } from '../../prng.js';
import type { ReplicaMember } from './replica-member.js';
import type { Timeline } from './timeline.js';
import type { Trace } from './trace.js';

/** Everything that members send each other here: both ports, and the bytes of a tree. */
export type Payload =
  | ElectionPayload
  | { readonly port: 'quorum'; readonly message: QuorumMessage }
  | { readonly port: 'tree'; readonly image: TreeImage };

/** A replica, and what it is doing. */
export interface Machine extends ReplicaInputs {
  readonly state: ReplicaState;
}

/** What a member of this world is made of. */
export interface ReplicaMemberPorts {
  readonly serverId: ServerId;
  readonly isParticipant: boolean;
  readonly peers: readonly ServerId[];
  readonly timeline: Timeline;
  readonly prng: Prng;
  readonly trace: Trace;
  readonly network: Network<Payload>;
  readonly witness: Witness;
  readonly tickMs: number;
  /** The member behind an id, for connections. */
  readonly memberOf: (serverId: ServerId) => ReplicaMember;
  /** Makes the machine of a process that starts. */
  readonly newMachine: (history: History, epochs: Epochs) => Machine;
}
