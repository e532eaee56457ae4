import type { ServerId } from '@corral/primitives';
import type { Prng } from '../../prng.js';
import type { Timeline } from './timeline.js';

/** What flows in one direction of a connection, in order. */
interface Lane<Payload> {
  readonly from: ServerId;
  readonly to: ServerId;
  queue: (Payload | 'end')[];
  /** When the newest thing on its way arrives: nothing overtakes within a connection. */
  arrivesAtMs: number;
  /** What waits because this direction is cut off, counted from the head of the queue. */
  stuck: number;
}

/** One end's view of a connection. */
export interface Endpoint<Payload> {
  onMessage(connection: Connection<Payload>, payload: Payload): void;
  onClosed(connection: Connection<Payload>): void;
}

/** A connection between two members. It keeps order, and ends for each side at a time of its own. */
export class Connection<Payload> {
  readonly opener: ServerId;
  readonly accepter: ServerId;
  readonly lanes: readonly [Lane<Payload>, Lane<Payload>];
  readonly endpoints = new Map<ServerId, Endpoint<Payload>>();

  constructor(opener: ServerId, accepter: ServerId) {
    this.opener = opener;
    this.accepter = accepter;
    const lane = (from: ServerId, to: ServerId): Lane<Payload> => ({ from, to, queue: [], arrivesAtMs: 0, stuck: 0 });
    this.lanes = [lane(opener, accepter), lane(accepter, opener)];
  }

  peerOf(member: ServerId): ServerId {
    return member === this.opener ? this.accepter : this.opener;
  }

  laneFrom(member: ServerId): Lane<Payload> {
    return this.lanes[member === this.opener ? 0 : 1];
  }
}

/** The surroundings of a network. */
export interface NetworkPorts {
  readonly timeline: Timeline;
  readonly prng: Prng;
  /** How long a message takes, the slowest and usual. */
  readonly delayMsUsual: number;
  readonly delayMsMax: number;
}

/** Connections with delays, cuts, and directions in which nothing gets through. */
export class Network<Payload> {
  readonly #ports: NetworkPorts;
  readonly #connections = new Set<Connection<Payload>>();
  readonly #cutOff = new Set<string>();
  #isCalm = false;

  constructor(ports: NetworkPorts) {
    this.#ports = ports;
  }

  /** Open connections, in the order in which they were opened. */
  get connections(): readonly Connection<Payload>[] {
    return [...this.#connections];
  }

  isCutOff(from: ServerId, to: ServerId): boolean {
    return this.#cutOff.has(`${String(from)}>${String(to)}`);
  }

  /** From now on nothing from one gets to the other: it is neither lost nor delivered until `restore`. */
  cutOff(from: ServerId, to: ServerId): void {
    this.#cutOff.add(`${String(from)}>${String(to)}`);
  }

  restoreAll(): void {
    this.#cutOff.clear();
    for (const connection of this.#connections) {
      for (const lane of connection.lanes) {
        const { stuck } = lane;
        lane.stuck = 0;
        for (let count = 0; count < stuck; count += 1) this.#plan(connection, lane);
      }
    }
  }

  /** From now on nothing takes much longer than usual. */
  calm(): void {
    this.#isCalm = true;
  }

  /** How long something is on its way now. */
  delayMs(): number {
    const { prng, delayMsUsual, delayMsMax } = this.#ports;
    return !this.#isCalm && prng.chance(0.02) ? prng.next() * delayMsMax : (0.05 + prng.next()) * delayMsUsual;
  }

  open(opener: ServerId, accepter: ServerId): Connection<Payload> {
    const connection = new Connection<Payload>(opener, accepter);
    this.#connections.add(connection);
    return connection;
  }

  send(connection: Connection<Payload>, from: ServerId, payload: Payload): void {
    if (!connection.endpoints.has(from)) return;
    this.#put(connection, from, payload);
  }

  /** One side closes; the other hears of it behind all that was sent. */
  close(connection: Connection<Payload>, by: ServerId): void {
    if (!connection.endpoints.delete(by)) return;
    this.#put(connection, by, 'end');
    this.#forgetIfOver(connection);
  }

  /** A side vanishes: what it sent and has not arrived may be lost. */
  reset(connection: Connection<Payload>, by: ServerId): void {
    const lane = connection.laneFrom(by);
    const kept = this.#ports.prng.between(0, lane.queue.length);
    lane.queue.length = Math.max(kept, 0);
    lane.stuck = Math.min(lane.stuck, lane.queue.length);
    this.close(connection, by);
  }

  /** The connection breaks for both. */
  cut(connection: Connection<Payload>): void {
    for (const lane of connection.lanes) {
      lane.queue.length = Math.min(lane.queue.length, this.#ports.prng.between(0, lane.queue.length));
      lane.stuck = Math.min(lane.stuck, lane.queue.length);
      this.#put(connection, lane.from, 'end');
    }
  }

  #put(connection: Connection<Payload>, from: ServerId, payload: Payload | 'end'): void {
    const lane = connection.laneFrom(from);
    lane.queue.push(payload);
    this.#plan(connection, lane);
  }

  #plan(connection: Connection<Payload>, lane: Lane<Payload>): void {
    const { timeline } = this.#ports;
    lane.arrivesAtMs = Math.max(lane.arrivesAtMs, timeline.nowMs + this.delayMs());
    timeline.at(lane.arrivesAtMs, () => {
      this.#arrive(connection, lane);
    });
  }

  #arrive(connection: Connection<Payload>, lane: Lane<Payload>): void {
    if (lane.stuck > 0 || this.isCutOff(lane.from, lane.to)) {
      // Its turn comes again when the way is open; one arrival was planned for each thing in the queue.
      if (lane.stuck < lane.queue.length) lane.stuck += 1;
      return;
    }
    const payload = lane.queue.shift();
    const endpoint = connection.endpoints.get(lane.to);
    if (payload === undefined || endpoint === undefined) return;
    if (payload !== 'end') {
      endpoint.onMessage(connection, payload);
      return;
    }
    connection.endpoints.delete(lane.to);
    lane.queue.length = 0;
    endpoint.onClosed(connection);
    this.#forgetIfOver(connection);
  }

  #forgetIfOver(connection: Connection<Payload>): void {
    if (connection.endpoints.size === 0) this.#connections.delete(connection);
  }
}
