import { connect, type Socket } from 'node:net';
import type { Logger, ServerId } from '@corral/primitives';
import type { AllowList } from './allow-list.js';
import type { PeerEndpoint } from './peer-endpoint.js';
import type { PeerLimits } from './peer-limits.js';
import { PeerServer } from './peer-server.js';
import { QuorumLink, type QuorumLinkHandler } from './quorum-link.js';

/** Who this member is and whom it may follow. */
export interface QuorumNetworkOptions {
  readonly serverId: ServerId;
  readonly members: readonly PeerEndpoint[];
  /** Undefined: every address of this machine. */
  readonly listenHost: string | undefined;
  readonly limits: PeerLimits;
}

/** What the network needs of others. */
export interface QuorumNetworkPorts {
  readonly allowList: AllowList;
  readonly logger: Logger;
  /** Somebody has connected; whoever opens the link takes what it says. */
  readonly accept: (open: (handler: QuorumLinkHandler) => QuorumLink) => void;
}

/**
 * The quorum port: learners come in, and this member goes out to whoever it follows. It listens from the start, so that a taken port shows
 * then; whether a learner has come to the right place is not decided here.
 */
export class QuorumNetwork {
  readonly #options: QuorumNetworkOptions;
  readonly #server: PeerServer;

  constructor(options: QuorumNetworkOptions, ports: QuorumNetworkPorts) {
    this.#options = options;
    const own = options.members.find(({ serverId }) => serverId === options.serverId)!;
    this.#server = new PeerServer({
      name: 'quorum',
      host: options.listenHost,
      port: own.addresses[0]!.quorumPort,
      allowList: ports.allowList,
      logger: ports.logger,
      accept: (socket) => {
        ports.accept((handler) => new QuorumLink(socket, options.limits, handler));
      },
    });
  }

  /** Rejects when the address cannot be had. */
  listen(): Promise<void> {
    return this.#server.listen();
  }

  /** Tries once to connect to another member; to each of its addresses, the first that answers counts. */
  connect(leader: ServerId, handler: QuorumLinkHandler, done: (link: QuorumLink | undefined) => void): void {
    const endpoint = this.#options.members.find(({ serverId }) => serverId === leader);
    const sockets = new Set<Socket>();
    const settle = (socket: Socket | undefined): void => {
      for (const other of sockets) if (other !== socket) other.removeAllListeners('close').destroy();
      sockets.clear();
      done(socket === undefined ? undefined : new QuorumLink(socket, this.#options.limits, handler));
    };
    for (const { host, quorumPort } of endpoint?.addresses ?? []) {
      const socket = connect({ host, port: quorumPort, noDelay: true, keepAlive: true });
      const failed = (): void => {
        sockets.delete(socket);
        if (sockets.size === 0) settle(undefined);
      };
      sockets.add(socket);
      socket.setTimeout(this.#options.limits.connectTimeoutMs, () => socket.destroy());
      socket.on('error', () => undefined);
      socket.once('close', failed);
      socket.once('connect', () => {
        if (!sockets.has(socket)) return;
        socket.off('close', failed);
        socket.setTimeout(0);
        settle(socket);
      });
    }
    if (sockets.size === 0) settle(undefined);
  }

  /** Takes no more connections. */
  close(): void {
    this.#server.close();
  }
}
