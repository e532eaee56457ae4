import type { ServerId } from '@corral/primitives';
import type { FaultPorts } from '../world/faults.js';
import type { Connection, Network } from '../world/network.js';
import type { PeerPayload } from './simulated-peer-network.js';

/** The networks of members and of clients, as faults see them: partitions are between members, any connection may break. */
export class Networks {
  readonly #peers: Network<PeerPayload>;
  readonly #clients: Network<Buffer>;

  constructor(peers: Network<PeerPayload>, clients: Network<Buffer>) {
    this.#peers = peers;
    this.#clients = clients;
  }

  get connections(): readonly Connection<unknown>[] {
    return [...this.#peers.connections, ...this.#clients.connections] as Connection<unknown>[];
  }

  cut(connection: Connection<unknown>): void {
    for (const network of [this.#peers, this.#clients] as unknown as FaultPorts['network'][]) {
      if (network.connections.includes(connection)) network.cut(connection);
    }
  }

  cutOff(from: ServerId, to: ServerId): void {
    this.#peers.cutOff(from, to);
  }

  restoreAll(): void {
    this.#peers.restoreAll();
  }

  /** From now on nothing takes much longer than usual. */
  calm(): void {
    this.#peers.calm();
    this.#clients.calm();
  }
}
