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
