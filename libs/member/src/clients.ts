import type { Tree } from '@corral/znode';
import type { ClientRequests } from './client-requests.js';
import { Connection } from './connection.js';
import type { ClientChannel, ClientHandler } from './ports.js';
import type { Sessions } from './sessions.js';

/** Who serves the clients at present. */
export interface ClientService {
  readonly requests: ClientRequests;
  readonly sessions: Sessions;
}

/** What the connections work with. */
export interface ClientsInputs {
  readonly tree: () => Tree<Connection>;
  /** Nothing while clients are not served. */
  readonly service: () => ClientService | undefined;
  readonly wallClockMs: () => number;
  readonly flushConnections: () => void;
}

/** The connections of clients, from their first byte to their last. */
export class Clients {
  readonly connections = new Set<Connection>();
  readonly #in: ClientsInputs;

  constructor(inputs: ClientsInputs) {
    this.#in = inputs;
  }

  /** A client has connected. Whoever serves then is asked as long as the connection lasts. */
  open(channel: ClientChannel): ClientHandler {
    const service = this.#in.service();
    if (service === undefined) return this.#turnAway(channel);
    const connection = new Connection(channel, this.#in.wallClockMs());
    const { requests, sessions } = service;
    this.connections.add(connection);
    return {
      onFrame: (buffer, start, end) => {
        requests.take(connection, buffer, start, end);
      },
      onTurnEnd: () => {
        requests.endTurn(connection);
      },
      onEnded: () => {
        connection.ended = true;
        if (connection.outstandingRequests === 0) this.close(connection);
        this.#in.flushConnections();
      },
      onDrained: () => {
        requests.drained(connection);
      },
      onClosed: () => {
        this.#release(connection, sessions);
        this.connections.delete(connection);
        requests.forget(connection);
      },
    };
  }

  /** The client will try another member. */
  #turnAway(channel: ClientChannel): ClientHandler {
    channel.close();
    const ignore = (): undefined => undefined;
    return {
      onFrame: ignore,
      onTurnEnd: this.#in.flushConnections,
      onEnded: ignore,
      onDrained: ignore,
      onClosed: ignore,
    };
  }

  /** Sends what is due to the connection and ends it. Its watches go at once: a client that never reads could hold on to them. */
  close(connection: Connection): void {
    const sessions = this.#in.service()?.sessions;
    this.#release(connection, sessions);
    connection.channel.close();
  }

  #release(connection: Connection, sessions: Sessions | undefined): void {
    connection.closed = true;
    const { childWatches, dataWatches } = this.#in.tree();
    dataWatches.removeWatcher(connection);
    childWatches.removeWatcher(connection);
    sessions?.release(connection);
  }

  /** Ends all of them. */
  closeAll(): void {
    for (const connection of [...this.connections]) this.close(connection);
    this.#in.flushConnections();
  }
}
