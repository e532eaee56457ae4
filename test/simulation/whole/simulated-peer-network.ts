import type { ServerId } from '@corral/primitives';
import type { PeerLink, PeerLinkHandler, PeerNetwork } from '@corral/member';
import type { Notification, QuorumMessage } from '@corral/zab';
import { type ElectionPayload, ElectionPort } from '../world/election-port.js';
import { describeMessage } from '../world/describe.js';
import type { Connection, Network } from '../world/network.js';
import type { Timeline } from '../world/timeline.js';
import type { Trace } from '../world/trace.js';
import type { Process } from './process.js';
import { SimulatedPeerLink } from './simulated-peer-link.js';

const CONNECT_TIMEOUT_MS = 300;

/** What whole members send each other. */
export type PeerPayload = ElectionPayload | { readonly port: 'quorum'; readonly bytes: Buffer };

/** A member as its peers see it. */
export interface PeerMember {
  readonly isUp: boolean;
  accept(connection: Connection<PeerPayload>, port: 'election' | 'quorum'): void;
}

/** The world around the peer network of a process. */
export interface PeerNetworkPorts {
  readonly serverId: ServerId;
  readonly process: Process;
  readonly network: Network<PeerPayload>;
  readonly timeline: Timeline;
  readonly trace: Trace;
  readonly memberOf: (serverId: ServerId) => PeerMember;
  readonly unsentBytesPause: number;
  /** What the network tells the member. */
  readonly inputs: {
    connected(peer: ServerId): void;
    disconnected(peer: ServerId): void;
    notification(from: ServerId, notification: Notification): void;
    accept(open: (handler: PeerLinkHandler) => PeerLink): void;
  };
  /** A change of what is sent, for deliberate faults. */
  readonly tamper: (link: PeerLink, handler: PeerLinkHandler) => PeerLink;
  /** A message has arrived at this member. */
  readonly received: (from: ServerId, message: QuorumMessage) => void;
  readonly sent: (message: QuorumMessage) => void;
}

/** The connections of one process to its peers, on both ports. */
export class SimulatedPeerNetwork implements PeerNetwork {
  readonly #ports: PeerNetworkPorts;
  readonly #elections: ElectionPort<PeerPayload>;
  readonly #open = new Set<Connection<PeerPayload>>();

  constructor(ports: PeerNetworkPorts) {
    this.#ports = ports;
    const { inputs, process } = ports;
    this.#elections = new ElectionPort(ports, {
      now: (run) => {
        process.now(run);
      },
      connected: (peer) => {
        inputs.connected(peer);
      },
      disconnected: (peer) => {
        inputs.disconnected(peer);
      },
      received: (from, notification) => {
        inputs.notification(from, notification);
      },
    });
  }

  /** Connects to the election ports of these. */
  start(peers: readonly ServerId[]): void {
    for (const peer of peers) this.#elections.connect(peer);
  }

  /** The process has died. */
  resetAll(): void {
    const { network, serverId } = this.#ports;
    for (const connection of [...this.#open, ...this.#elections.connections]) network.reset(connection, serverId);
  }

  notify(to: ServerId, notification: Notification): void {
    this.#elections.notify(to, notification);
  }

  connect(leader: ServerId, handler: PeerLinkHandler, done: (link: PeerLink | undefined) => void): void {
    const { memberOf, network, process, serverId, timeline } = this.#ports;
    const isOpen = !network.isCutOff(serverId, leader) && !network.isCutOff(leader, serverId);
    timeline.after(isOpen ? network.delayMs() * 2 : CONNECT_TIMEOUT_MS, () => {
      process.now(() => {
        const target = memberOf(leader);
        if (!isOpen || !target.isUp) {
          done(undefined);
          return;
        }
        const connection = network.open(serverId, leader);
        const link = this.#link(connection, handler);
        target.accept(connection, 'quorum');
        done(link);
      });
    });
  }

  /** Takes a connection from another member. */
  accept(connection: Connection<PeerPayload>, port: 'election' | 'quorum'): void {
    if (port === 'election') {
      this.#elections.connected(connection);
      return;
    }
    const open = this.#socket(connection);
    this.#ports.process.now(() => {
      this.#ports.inputs.accept(open);
    });
  }

  #link(connection: Connection<PeerPayload>, handler: PeerLinkHandler): PeerLink {
    return this.#socket(connection)(handler);
  }

  /** This end of a connection; what it is given opens the link. */
  #socket(connection: Connection<PeerPayload>): (handler: PeerLinkHandler) => PeerLink {
    const { network, process, received, sent, serverId, tamper, unsentBytesPause } = this.#ports;
    const peer = connection.peerOf(serverId);
    let link: SimulatedPeerLink | undefined;
    this.#open.add(connection);
    connection.endpoints.set(serverId, {
      onMessage: (_connection, payload) => {
        if (payload.port !== 'quorum') return;
        process.now(() => link?.bytesArrived(payload.bytes));
      },
      onClosed: () => {
        this.#open.delete(connection);
        process.now(() => link?.ended());
      },
    });
    return (handler) => {
      link = new SimulatedPeerLink(
        {
          remote: `member ${String(peer)}`,
          send: (bytes) => {
            network.send(connection, serverId, { port: 'quorum', bytes });
          },
          close: () => {
            this.#open.delete(connection);
            network.close(connection, serverId);
          },
          defer: process.defer,
          drain: (run) => {
            process.later(network.delayMs(), run);
          },
          unsentBytesPause,
          received: (message) => {
            this.#ports.trace.add(() => `${String(serverId)} gets ${describeMessage(message)} from ${String(peer)}`);
            received(peer, message);
          },
          sent,
        },
        handler,
      );
      return tamper(link, handler);
    };
  }
}
