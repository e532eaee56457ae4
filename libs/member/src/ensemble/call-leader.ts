import type { ServerId } from '@corral/primitives';
import type { ReplicaInputs } from '@corral/zab';
import type { Links } from './links.js';
import type { OpenLink } from './open-link.js';
import type { PeerLinkHandler, PeerNetwork } from './ports.js';

/** Connects to the quorum port of a leader, once, and tells the replica what came of it. */
export function callLeader(
  leader: ServerId,
  network: PeerNetwork,
  links: Links,
  input: (tell: (replica: ReplicaInputs) => void) => void,
): void {
  let connected: OpenLink | undefined;
  const handler: PeerLinkHandler = {
    onMessage: (message) => connected?.handler.onMessage(message),
    onTurnEnd: () => connected?.handler.onTurnEnd(),
    onDrained: () => connected?.handler.onDrained(),
    onClosed: (fault) => connected?.handler.onClosed(fault),
  };
  network.connect(leader, handler, (peer) => {
    input((replica) => {
      if (peer === undefined) {
        replica.leaderUnreachable(leader);
        return;
      }
      connected = links.register(() => peer);
      replica.leaderConnected(leader, connected.id);
    });
  });
}

/** Holds a call back while it is too early for it. A replica that has given the leader up meanwhile closes the connection. */
export class HeldCalls {
  readonly #isTooEarly: () => boolean;
  readonly #call: (leader: ServerId) => void;
  #held: ServerId | undefined;

  constructor(isTooEarly: () => boolean, call: (leader: ServerId) => void) {
    this.#isTooEarly = isTooEarly;
    this.#call = call;
  }

  /** Calls now, or in a later tick; a later call takes the place of one that is held. */
  call(leader: ServerId): void {
    this.#held = this.#isTooEarly() ? leader : undefined;
    if (this.#held === undefined) this.#call(leader);
  }

  tick(): void {
    if (this.#held !== undefined) this.call(this.#held);
  }
}
