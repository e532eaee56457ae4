import { connect, type Socket } from 'node:net';
import type { Logger, ServerId } from '@corral/primitives';
import type { ElectionHello, Notification } from '@corral/zab';
import type { AllowList } from './allow-list.js';
import { ElectionLink, type ElectionLinkHandler } from './election-link.js';
import type { PeerEndpoint } from './peer-endpoint.js';
import type { PeerLimits } from './peer-limits.js';
import { PeerServer } from './peer-server.js';
import { Redial } from './redial.js';
import { Repeats } from './repeats.js';

/** Who this member is and whom it talks to. */
export interface ElectionNetworkOptions {
  readonly serverId: ServerId;
  /** All members, this one among them. */
  readonly members: readonly PeerEndpoint[];
  /** Undefined: every address of this machine. */
  readonly listenHost: string | undefined;
  readonly limits: PeerLimits;
  /** Numbers from 0 to 1. */
  readonly random: () => number;
}

/** Who hears of it. */
export interface ElectionNetworkPorts {
  readonly allowList: AllowList;
  readonly logger: Logger;
  readonly onNotification: (from: ServerId, notification: Notification) => void;
  readonly onConnected: (peer: ServerId) => void;
  readonly onDisconnected: (peer: ServerId) => void;
}

/** What is known of one other member. */
interface Peer {
  readonly endpoint: PeerEndpoint;
  readonly redial: Redial;
  link: ElectionLink | undefined;
  dialing: Socket | undefined;
  timer: NodeJS.Timeout | undefined;
  tries: number;
  /** Sent again on every new connection: the last one may have been lost with the old. */
  latest: Notification | undefined;
  /** `latest` has not been sent on any connection. */
  isWaiting: boolean;
  /** What is wrong with reaching it was logged. */
  isReported: boolean;
  /** Connections in a row that it has closed without a word. */
  unheard: number;
}

const NOT_CONFIGURED =
  'a member that is not in the configuration was turned away; if it belongs here, give all members the same server lines';
const OUR_NUMBER = 'a process that has the number of this member was turned away: each member needs a myid of its own';
const REPLACED =
  'a new connection of a member took the place of one that was open; if that goes on, two processes have its number in their myid';
const TURNED_AWAY =
  'another member closes the connections of this one without a word: its log tells why; it may not know this number or this address';
/** A member that starts or stops does it once or twice. */
const UNHEARD_MAX = 3;

/**
 * The connections on the election port, one for each other member. As in ZooKeeper the member with the larger number opens it; one with a
 * smaller number that has something to say knocks, and is called back.
 */
export class ElectionNetwork {
  readonly #options: ElectionNetworkOptions;
  readonly #ports: ElectionNetworkPorts;
  readonly #peers = new Map<ServerId, Peer>();
  readonly #strangers = new Set<ElectionLink>();
  readonly #server: PeerServer;
  readonly #hello: ElectionHello;
  readonly #repeats = new Repeats();
  #closed = false;

  constructor(options: ElectionNetworkOptions, ports: ElectionNetworkPorts) {
    this.#options = options;
    this.#ports = ports;
    const own = options.members.find(({ serverId }) => serverId === options.serverId)!;
    const { host, electionPort } = own.addresses[0]!;
    this.#hello = { serverId: options.serverId, addresses: [{ host, port: electionPort }] };
    this.#server = new PeerServer({
      name: 'election',
      host: options.listenHost,
      port: electionPort,
      allowList: ports.allowList,
      logger: ports.logger,
      accept: (socket) => {
        this.#accept(socket);
      },
    });
    for (const endpoint of options.members)
      if (endpoint !== own) this.#peers.set(endpoint.serverId, this.#newPeer(endpoint));
  }

  #newPeer(endpoint: PeerEndpoint): Peer {
    return {
      endpoint,
      redial: new Redial(this.#options.limits, this.#options.random),
      link: undefined,
      dialing: undefined,
      timer: undefined,
      tries: 0,
      latest: undefined,
      isWaiting: false,
      isReported: false,
      unheard: 0,
    };
  }

  /** Starts to listen and to connect. Rejects when the address cannot be had. */
  async listen(): Promise<void> {
    await this.#server.listen();
    for (const peer of this.#peers.values()) this.#dial(peer);
  }

  /** Sends to one member, at once or as soon as there is a connection. A newer notification replaces one that waits. */
  send(to: ServerId, notification: Notification): void {
    const peer = this.#peers.get(to);
    if (peer === undefined) return;
    peer.latest = notification;
    if (peer.link?.isOpen === true) {
      peer.link.send(notification);
      return;
    }
    peer.isWaiting = true;
    if (peer.timer === undefined) this.#dial(peer);
  }

  #opensTo(peer: Peer): boolean {
    return this.#options.serverId > peer.endpoint.serverId;
  }

  #dial(peer: Peer): void {
    if (this.#closed || peer.dialing !== undefined || peer.link !== undefined) return;
    if (!this.#opensTo(peer) && !peer.isWaiting) return;
    const { addresses } = peer.endpoint;
    const { host, electionPort } = addresses[peer.tries % addresses.length]!;
    peer.tries += 1;
    const socket = connect({ host, port: electionPort, noDelay: true, keepAlive: true });
    peer.dialing = socket;
    socket.setTimeout(this.#options.limits.connectTimeoutMs, () => socket.destroy(new Error('no answer')));
    socket.once('connect', () => {
      this.#dialed(peer, socket);
    });
    socket.on('error', (error) => {
      this.#report(peer, error);
    });
    socket.once('close', () => {
      if (peer.dialing !== socket) return;
      peer.dialing = undefined;
      this.#redial(peer);
    });
  }

  #dialed(peer: Peer, socket: Socket): void {
    socket.setTimeout(0);
    if (!this.#opensTo(peer)) {
      // A knock: the other side closes this connection and opens one of its own.
      const knock = new ElectionLink(socket, this.#options.limits, this.#handler, peer.endpoint.serverId);
      knock.sendHello(this.#hello);
      knock.end();
      return;
    }
    peer.dialing = undefined;
    const link = new ElectionLink(socket, this.#options.limits, this.#handler, peer.endpoint.serverId);
    link.sendHello(this.#hello);
    this.#connected(peer, link);
  }

  #report(peer: Peer, error: Error): void {
    if (peer.isReported) return;
    peer.isReported = true;
    const { serverId, addresses } = peer.endpoint;
    this.#ports.logger('info', 'another member cannot be reached; trying again', {
      member: serverId,
      address: `${addresses[0]!.host}:${String(addresses[0]!.electionPort)}`,
      cause: error.message,
    });
  }

  #redial(peer: Peer): void {
    if (this.#closed || peer.timer !== undefined) return;
    peer.timer = setTimeout(() => {
      peer.timer = undefined;
      this.#dial(peer);
    }, peer.redial.nextPauseMs());
  }

  #accept(socket: Socket): void {
    if (this.#closed || this.#strangers.size >= this.#options.limits.strangersMax) {
      socket.destroy();
      return;
    }
    this.#strangers.add(new ElectionLink(socket, this.#options.limits, this.#handler));
  }

  readonly #handler: ElectionLinkHandler = {
    onHello: (link, { serverId }) => {
      this.#strangers.delete(link);
      this.#greeted(link, serverId);
    },
    onNotification: (link, notification) => {
      const peer = link.peer === undefined ? undefined : this.#peers.get(link.peer);
      if (peer === undefined) return;
      // Only now it is known that the other side wants the connection; behind a proxy one can come up and end at once, without end.
      peer.unheard = 0;
      peer.redial.reset();
      peer.isReported = false;
      this.#ports.onNotification(peer.endpoint.serverId, notification);
    },
    onClosed: (link, fault) => {
      this.#linkClosed(link, fault);
    },
  };

  #greeted(link: ElectionLink, serverId: ServerId): void {
    const peer = this.#peers.get(serverId);
    if (peer === undefined) {
      this.#warn(link, serverId === this.#options.serverId ? OUR_NUMBER : NOT_CONFIGURED, serverId);
      link.destroy();
      return;
    }
    peer.redial.reset();
    if (this.#opensTo(peer)) {
      // It has a smaller number: its connection goes, and so does an old one of ours that it knows nothing of.
      link.destroy();
      peer.link?.destroy();
      clearTimeout(peer.timer);
      peer.timer = undefined;
      if (peer.link === undefined) this.#dial(peer);
      return;
    }
    this.#connected(peer, link);
  }

  #connected(peer: Peer, link: ElectionLink): void {
    const old = peer.link;
    peer.link = link;
    if (old?.isOpen === true) this.#warn(link, REPLACED, peer.endpoint.serverId);
    old?.destroy();
    clearTimeout(peer.timer);
    peer.timer = undefined;
    if (peer.latest !== undefined) link.send(peer.latest);
    peer.isWaiting = false;
    this.#ports.onConnected(peer.endpoint.serverId);
  }

  #linkClosed(link: ElectionLink, fault: string | undefined): void {
    this.#strangers.delete(link);
    if (fault !== undefined) this.#warn(link, 'election connection closed', link.peer, fault);
    const peer = link.peer === undefined ? undefined : this.#peers.get(link.peer);
    if (peer?.link !== link) return;
    peer.link = undefined;
    if (!link.wasHeard && !this.#closed) this.#closedUnheard(peer, link);
    this.#ports.onDisconnected(peer.endpoint.serverId);
    this.#redial(peer);
  }

  #closedUnheard(peer: Peer, link: ElectionLink): void {
    peer.unheard += 1;
    if (peer.unheard >= UNHEARD_MAX) this.#warn(link, TURNED_AWAY, peer.endpoint.serverId);
  }

  #warn(link: ElectionLink, what: string, member: ServerId | undefined, reason?: string): void {
    const times = this.#repeats.worthTelling(`${what} ${String(member)} ${link.remoteHost}`);
    if (times === undefined) return;
    this.#ports.logger('warn', what, { member, from: link.remoteHost, reason, ...(times > 1 ? { times } : {}) });
  }

  /** Ends all connections. */
  close(): void {
    this.#closed = true;
    this.#server.close();
    for (const link of this.#strangers) link.destroy();
    for (const peer of this.#peers.values()) {
      clearTimeout(peer.timer);
      peer.dialing?.destroy();
      peer.link?.destroy();
    }
  }
}
