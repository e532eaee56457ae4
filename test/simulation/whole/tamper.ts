import type { ClientChannel, ClientHandler, PeerLink, PeerLinkHandler, ReplicaStorage } from '@corral/member';
import type { QuorumVerifier } from '@corral/zab';

/** How members of a run are changed from the outside, by tests that want it to fail. What is absent stays as it is. */
export interface Tamper {
  readonly name: string;
  readonly quorums?: (quorums: QuorumVerifier) => QuorumVerifier;
  readonly storage?: (storage: ReplicaStorage) => ReplicaStorage;
  /** Between a member and another one. */
  readonly link?: (link: PeerLink, handler: PeerLinkHandler) => PeerLink;
  /** Between a member and a client. */
  readonly channel?: (channel: ClientChannel) => ClientChannel;
  readonly handler?: (handler: ClientHandler, channel: ClientChannel) => ClientHandler;
  /** Breaks code that all members share, and returns how to mend it after the run. */
  readonly code?: () => () => void;
}
