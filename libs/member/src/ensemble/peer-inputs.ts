import type { ServerId } from '@corral/primitives';
import type { Notification } from '@corral/zab';
import type { PeerLink, PeerLinkHandler } from './ports.js';
import type { ReplicaDriver } from './replica-driver.js';

/** What the network tells a member. */
export class PeerInputs {
  readonly #driver: ReplicaDriver;

  constructor(driver: ReplicaDriver) {
    this.#driver = driver;
  }

  /** Notifications can flow to and from that member. */
  connected(peer: ServerId): void {
    this.#driver.input((replica) => {
      replica.peerConnected(peer);
    });
  }

  disconnected(peer: ServerId): void {
    this.#driver.input((replica) => {
      replica.peerDisconnected(peer);
    });
  }

  notification(from: ServerId, notification: Notification): void {
    this.#driver.input((replica) => {
      replica.receiveNotification(from, notification);
    });
  }

  /** Somebody has connected to the quorum port. */
  accept(open: (handler: PeerLinkHandler) => PeerLink): void {
    this.#driver.accept(open);
  }
}
