import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '@corral/primitives';
import { ClientConnection, type ConnectionInputs } from './client-connection.js';
import type { ClientHandler } from './client-handler.js';
import type { ClientLimits } from './limits.js';
import { Traffic } from './traffic.js';
import { WriterPool } from './writer-pool.js';

/** Where to listen and for whom. */
export interface ClientListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly limits: ClientLimits;
}

/** Makes the handler of a connection that was accepted. */
export type OpenClient = (connection: ClientConnection) => ClientHandler;

/** What the listener needs of others. */
export interface ClientListenerPorts {
  readonly logger: Logger;
  readonly open: OpenClient;
  readonly answerFourLetterWord: (word: string) => string | undefined;
}

/** The most that is taken from one connection before the next has its turn. */
const READ_BUFFER_BYTES = 64 * 1024;

/** Takes clients' connections on one port and hands their frames to the member. */
export class ClientListener {
  readonly traffic = new Traffic();
  readonly #options: ClientListenerOptions;
  readonly #logger: Logger;
  readonly #connections = new Set<ClientConnection>();
  readonly #perAddress = new Map<string, number>();
  readonly #dirty: ClientConnection[] = [];
  readonly #pool = new WriterPool();
  #server: Server | undefined;
  /** Set while the listener closes: called when the last connection has gone. */
  #emptied: (() => void) | undefined;

  constructor(options: ClientListenerOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
  }

  /** Starts to listen. Rejects when the address cannot be had. */
  listen(ports: ClientListenerPorts): Promise<void> {
    const inputs: ConnectionInputs = {
      limits: this.#options.limits,
      traffic: this.traffic,
      pool: this.#pool,
      readBuffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
      logger: this.#logger,
      answerFourLetterWord: ports.answerFourLetterWord,
      needsFlush: (connection) => {
        this.#dirty.push(connection);
      },
      closed: (connection) => {
        this.#forget(connection);
      },
    };
    const socketOptions = { noDelay: true, keepAlive: true, allowHalfOpen: true, pauseOnConnect: true };
    const server = createServer(socketOptions, (socket) => {
      this.#accept(socket, inputs, ports.open);
    });
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: this.#options.host, port: this.#options.port, backlog: 1024 }, () => {
        server.off('error', reject);
        server.on('error', (error) => {
          this.#logger('error', 'the client port failed', { cause: error.message });
        });
        resolve();
      });
    });
  }

  /** The port that is listened on; useful when 0 was asked for. */
  get port(): number {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : this.#options.port;
  }

  #accept(socket: Socket, inputs: ConnectionInputs, open: OpenClient): void {
    const connection = new ClientConnection(socket, inputs);
    const address = connection.remoteAddress;
    const fromAddress = this.#perAddress.get(address) ?? 0;
    const { connectionsMax, connectionsPerAddressMax } = this.#options.limits;
    const overAll = connectionsMax > 0 && this.#connections.size >= connectionsMax;
    const overAddress = connectionsPerAddressMax > 0 && fromAddress >= connectionsPerAddressMax;
    if (overAll || overAddress) {
      this.traffic.connectionsRejected += 1;
      this.#logger('warn', 'connection rejected', {
        client: connection.name,
        reason: overAll ? `${String(connectionsMax)} connections in all` : `${String(fromAddress)} from this address`,
      });
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    this.#perAddress.set(address, fromAddress + 1);
    this.#connections.add(connection);
    connection.start(open(connection));
  }

  #forget(connection: ClientConnection): void {
    this.#connections.delete(connection);
    const left = (this.#perAddress.get(connection.remoteAddress) ?? 1) - 1;
    if (left === 0) this.#perAddress.delete(connection.remoteAddress);
    else this.#perAddress.set(connection.remoteAddress, left);
    if (this.#connections.size === 0) this.#emptied?.();
  }

  /** Sends what this turn has appended to any connection. */
  readonly flush = (): void => {
    for (let at = 0; at < this.#dirty.length; at += 1) this.#dirty[at]!.flush();
    this.#dirty.length = 0;
  };

  /** Takes no more connections. */
  stopAccepting(): void {
    this.#server?.close();
  }

  /** Ends every connection after what is due to it has been sent. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    const emptied = new Promise<void>((resolve) => {
      this.#emptied = resolve;
      if (this.#connections.size === 0) resolve();
    });
    this.flush();
    for (const connection of this.#connections) connection.destroySoon();
    const hurry = setTimeout(() => {
      for (const connection of this.#connections) connection.destroy();
    }, 1000);
    await Promise.all([closed, emptied]);
    clearTimeout(hurry);
  }
}
