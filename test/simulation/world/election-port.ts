import type { ServerId } from '@corral/primitives';
import type { Notification } from '@corral/zab';
import { describeNotification } from './describe.js';
import type { Connection, Endpoint, Network } from './network.js';
import type { Timeline } from './timeline.js';
import type { Trace } from './trace.js';

const CONNECT_TIMEOUT_MS = 300;
const RETRY_MS = 60;

/** What goes over the connections of election ports. */
export interface ElectionPayload {
  readonly port: 'election';
  readonly notification: Notification;
}

/** A member as its peers' election ports see it. */
export interface ElectionPeer<Payload> {
  readonly isUp: boolean;
  accept(connection: Connection<Payload>, port: 'election'): void;
}

/** The world around an election port. */
export interface ElectionPortPorts<Payload> {
  readonly serverId: ServerId;
  readonly network: Network<Payload>;
  readonly timeline: Timeline;
  readonly trace: Trace;
  readonly memberOf: (serverId: ServerId) => ElectionPeer<Payload>;
}

/** What the election port needs of the process that it belongs to. */
export interface ElectionPortProcess {
  /** Runs this in the process: now, when it goes on, or never. */
  now(run: () => void): void;
  connected(peer: ServerId): void;
  disconnected(peer: ServerId): void;
  received(from: ServerId, notification: Notification): void;
}

/** A process's connections to the election ports of its peers: one each, made again when it breaks. */
export class ElectionPort<Payload extends { readonly port: string }> {
  readonly #ports: ElectionPortPorts<Payload | ElectionPayload>;
  readonly #process: ElectionPortProcess;
  readonly #connections = new Map<ServerId, Connection<Payload | ElectionPayload>>();
  readonly #connecting = new Set<ServerId>();
  readonly #unsent = new Map<ServerId, Notification>();

  constructor(ports: ElectionPortPorts<Payload | ElectionPayload>, process: ElectionPortProcess) {
    this.#ports = ports;
    this.#process = process;
  }

  get connections(): readonly Connection<Payload | ElectionPayload>[] {
    return [...this.#connections.values()];
  }

  /** Of notifications that wait for a connection only the last is kept. */
  notify(to: ServerId, notification: Notification): void {
    const { trace, network, serverId } = this.#ports;
    trace.add(() => `${String(serverId)} notifies ${String(to)} ${describeNotification(notification)}`);
    const connection = this.#connections.get(to);
    if (connection === undefined) {
      this.#unsent.set(to, notification);
      this.connect(to);
    } else {
      network.send(connection, serverId, { port: 'election', notification });
    }
  }

  connect(peer: ServerId): void {
    const { network, timeline, memberOf, serverId } = this.#ports;
    if (this.#connections.has(peer) || this.#connecting.has(peer)) return;
    this.#connecting.add(peer);
    const isOpen = !network.isCutOff(serverId, peer) && !network.isCutOff(peer, serverId);
    timeline.after(isOpen ? network.delayMs() * 2 : CONNECT_TIMEOUT_MS, () => {
      this.#process.now(() => {
        this.#connecting.delete(peer);
        if (this.#connections.has(peer)) return;
        const target = memberOf(peer);
        if (isOpen && target.isUp) {
          const connection = network.open(serverId, peer);
          target.accept(connection, 'election');
          this.connected(connection);
        } else {
          timeline.after(RETRY_MS, () => {
            this.#process.now(() => {
              this.connect(peer);
            });
          });
        }
      });
    });
  }

  /** A connection is there, whoever opened it; it takes the place of an older one. */
  connected(connection: Connection<Payload | ElectionPayload>): void {
    const { network, serverId } = this.#ports;
    const peer = connection.peerOf(serverId);
    const older = this.#connections.get(peer);
    if (older !== undefined) network.close(older, serverId);
    this.#connections.set(peer, connection);
    connection.endpoints.set(serverId, this.#endpoint(peer));
    const unsent = this.#unsent.get(peer);
    this.#unsent.delete(peer);
    if (unsent !== undefined) network.send(connection, serverId, { port: 'election', notification: unsent });
    this.#process.now(() => {
      this.#process.connected(peer);
    });
  }

  #endpoint(peer: ServerId): Endpoint<Payload | ElectionPayload> {
    return {
      onMessage: (_connection, payload) => {
        this.#process.now(() => {
          if (isElection(payload)) this.#process.received(peer, payload.notification);
        });
      },
      onClosed: (connection) => {
        this.#process.now(() => {
          if (this.#connections.get(peer) !== connection) return;
          this.#connections.delete(peer);
          this.#process.disconnected(peer);
          this.connect(peer);
        });
      },
    };
  }
}

function isElection(payload: { readonly port: string }): payload is ElectionPayload {
  return payload.port === 'election';
}
