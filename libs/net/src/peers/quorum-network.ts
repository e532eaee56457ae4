import { connect, type Socket } from 'node:net';
import type { Logger, ServerId } from '@corral/primitives';
import type { AllowList } from './allow-list.js';
import type { PeerEndpoint } from './peer-endpoint.js';
import type { PeerLimits } from './peer-limits.js';
import { PeerServer } from './peer-server.js';
import { QuorumLink, type QuorumLinkHandler } from './quorum-link.js';
import { Redial } from './redial.js';

/** Who this member is and whom it may follow. */
export interface QuorumNetworkOptions {
  readonly serverId: ServerId;
  readonly members: readonly PeerEndpoint[];
  /** Undefined: every address of this machine. */
  readonly listenHost: string | undefined;
  readonly limits: PeerLimits;
  /** Numbers from 0 to 1. */
  readonly random: () => number;
}

/** What the network needs of others. */
export interface QuorumNetworkPorts {
  readonly allowList: AllowList;
  readonly logger: Logger;
  /** A learner has connected to this leader. */
  readonly accept: (open: (handler: QuorumLinkHandler) => QuorumLink) => void;
}

/** A connection to the leader that is being made. */
export interface Dialing {
  cancel(): void;
}

/**
 * The quorum port: learners come in while this member leads, and it goes out to whoever it follows. It listens from the start, so that a
 * taken port shows then; learners that come before the election has told this member that it leads wait for a moment.
 */
export class QuorumNetwork {
  readonly #options: QuorumNetworkOptions;
  readonly #ports: QuorumNetworkPorts;
  readonly #server: PeerServer;
  readonly #waiting = new Set<Socket>();
  #isLeading = false;

  constructor(options: QuorumNetworkOptions, ports: QuorumNetworkPorts) {
    this.#options = options;
    this.#ports = ports;
    const own = options.members.find(({ serverId }) => serverId === options.serverId)!;
    this.#server = new PeerServer({
      name: 'quorum',
      host: options.listenHost,
      port: own.addresses[0]!.quorumPort,
      allowList: ports.allowList,
      logger: ports.logger,
      accept: (socket) => {
        this.#accept(socket);
      },
    });
  }

  /** Rejects when the address cannot be had. */
  listen(): Promise<void> {
    return this.#server.listen();
  }

  #accept(socket: Socket): void {
    if (this.#isLeading) {
      this.#open(socket);
    } else if (this.#waiting.size >= this.#options.limits.strangersMax) {
      socket.destroy();
    } else {
      this.#keepWaiting(socket);
    }
  }

  #keepWaiting(socket: Socket): void {
    this.#waiting.add(socket);
    const forget = (): void => {
      this.#waiting.delete(socket);
    };
    socket.on('error', forget);
    socket.once('close', forget);
    socket.setTimeout(this.#options.limits.connectTimeoutMs, () => socket.destroy());
  }

  #open(socket: Socket): void {
    socket.setTimeout(0);
    this.#ports.accept((handler) => new QuorumLink(socket, this.#options.limits, handler));
  }

  /** Says whether learners are let in; those that wait are then let in, or sent away. */
  setLeading(isLeading: boolean): void {
    this.#isLeading = isLeading;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const socket of waiting) {
      if (isLeading && !socket.destroyed) this.#open(socket);
      else socket.destroy();
    }
  }

  /** Connects to the leader, trying again until it answers or the caller loses patience. */
  dial(leader: ServerId, handler: QuorumLinkHandler, onConnected: (link: QuorumLink) => void): Dialing {
    const endpoint = this.#options.members.find(({ serverId }) => serverId === leader);
    const redial = new Redial(this.#options.limits, this.#options.random);
    let socket: Socket | undefined;
    let timer: NodeJS.Timeout | undefined;
    let tries = 0;
    const attempt = (): void => {
      if (endpoint === undefined) return;
      const { host, quorumPort } = endpoint.addresses[tries % endpoint.addresses.length]!;
      tries += 1;
      const current = connect({ host, port: quorumPort, noDelay: true, keepAlive: true });
      socket = current;
      const again = (): void => {
        timer = setTimeout(attempt, redial.nextPauseMs());
      };
      current.setTimeout(this.#options.limits.connectTimeoutMs, () => current.destroy());
      current.once('close', again);
      current.on('error', () => undefined);
      current.once('connect', () => {
        current.off('close', again);
        current.setTimeout(0);
        onConnected(new QuorumLink(current, this.#options.limits, handler));
      });
    };
    attempt();
    return {
      cancel: () => {
        clearTimeout(timer);
        socket?.removeAllListeners('close').removeAllListeners('connect').destroy();
      },
    };
  }

  /** Takes no more connections. */
  close(): void {
    this.setLeading(false);
    this.#server.close();
  }
}
