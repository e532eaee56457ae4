import type { ClientHandler, PeerLink, PeerLinkHandler, ReplicaStorage } from '@corral/member';

/** How members of a run are changed from the outside, by tests that want it to fail. What is absent stays as it is. */
export interface Tamper {
  readonly name: string;
  readonly storage?: (storage: ReplicaStorage) => ReplicaStorage;
  /** Between a member and another one. */
  readonly link?: (link: PeerLink, handler: PeerLinkHandler) => PeerLink;
  /** What a member hears of a client, for each connection. */
  readonly handler?: (handler: ClientHandler) => ClientHandler;
  /** What a client hears, in place of what a turn of the member sends. */
  readonly toClient?: (chunk: Buffer) => Buffer;
  /** Breaks code that all members share, and returns how to mend it after the run. */
  readonly code?: () => () => void;
}
