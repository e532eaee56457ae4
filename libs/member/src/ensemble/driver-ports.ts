import type { Logger, Zxid } from '@corral/primitives';
import type { DeliverEffect, LinkId, QuorumMessage, ReplicaInputs, ReplicaState } from '@corral/zab';
import type { Metrics } from '../status.js';
import type { PeerNetwork, ReplicaStorage } from './ports.js';

/** What a driver works with. */
export interface ReplicaDriverPorts {
  readonly replica: ReplicaInputs;
  readonly storage: ReplicaStorage;
  readonly network: PeerNetwork;
  readonly logger: Logger;
  readonly monotonicMs: () => number;
  readonly defer: (run: () => void) => void;
  readonly metrics: Metrics | undefined;
  /** A transaction was logged. */
  readonly logged: (zxid: Zxid, bytes: Uint8Array) => void;
  readonly commit: (through: Zxid) => void;
  readonly truncated: () => void;
  /** The storage's log and tree are others now. */
  readonly installed: () => void;
  readonly deliver: (effect: DeliverEffect) => void;
  readonly stateChanged: (state: ReplicaState) => void;
  readonly linkClosed: (link: LinkId) => void;
  /** A learner's ping is about to leave: what does it say? */
  readonly completePing: (message: QuorumMessage) => QuorumMessage;
  /** The member can take no part any more. */
  readonly failed: (error: Error) => void;
}
