/** A TCP path to a server that can be cut and mended, for what a client or a member meets when the network goes away. */
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Listens on a free loopback port and passes bytes both ways while it is whole. */
export class CuttablePath {
  readonly #listener: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(targetPort: number) {
    this.#listener = createServer((client) => this.#accept(client, targetPort));
  }

  static async to(targetPort: number): Promise<CuttablePath> {
    const path = new CuttablePath(targetPort);
    await new Promise<void>((resolve) => path.#listener.listen(0, '127.0.0.1', resolve));
    return path;
  }

  /** The loopback port of this side of the path. */
  get port(): number {
    const address = this.#listener.address();
    if (address === null || typeof address === 'string') throw new Error('the path does not listen on TCP');
    return address.port;
  }

  /** `127.0.0.1:<port>` of this side of the path. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Ends all connections; new ones end at once until `mend`. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #accept(client: Socket, targetPort: number): void {
    if (this.#isCut) {
      client.destroy();
      return;
    }
    const server = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
