import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '@corral/primitives';
import type { AllowList } from './allow-list.js';
import { formatHostPort, plainAddress } from './peer-endpoint.js';
import { Repeats } from './repeats.js';

/** Where members knock. */
export interface PeerServerOptions {
  /** For log lines: `election` or `quorum`. */
  readonly name: string;
  /** Undefined: every address of this machine. */
  readonly host: string | undefined;
  readonly port: number;
  readonly allowList: AllowList;
  readonly logger: Logger;
  readonly accept: (socket: Socket) => void;
}

/** A port for other members. Strangers are sent away before anything is read from them. */
export class PeerServer {
  readonly #options: PeerServerOptions;
  readonly #server: Server;
  readonly #repeats = new Repeats();

  constructor(options: PeerServerOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true, keepAlive: true, pauseOnConnect: true }, (socket) => {
      void this.#screen(socket);
    });
  }

  /** Rejects when the address cannot be had. */
  listen(): Promise<void> {
    const { name, host, port, logger } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ ...(host === undefined ? {} : { host }), port, backlog: 128 }, () => {
        this.#server.off('error', reject);
        this.#server.on('error', (error) => {
          logger('error', `the ${name} port failed`, { cause: error.message });
        });
        resolve();
      });
    });
  }

  async #screen(socket: Socket): Promise<void> {
    const { allowList, name, logger } = this.#options;
    const ignore = (): undefined => undefined;
    socket.on('error', ignore);
    const address = plainAddress(socket.remoteAddress);
    if (!(allowList.isKnown(address) || (await allowList.allows(address)))) {
      const times = this.#repeats.worthTelling(address);
      if (times !== undefined) {
        const client = formatHostPort(address, socket.remotePort ?? 0);
        const what = `connection to the ${name} port closed: no member has this address, and corral.peerAddresses does not list it`;
        logger('warn', what, { client, ...(times > 1 ? { times } : {}) });
      }
      socket.destroy();
      return;
    }
    if (socket.destroyed) return;
    socket.off('error', ignore);
    this.#options.accept(socket);
  }

  /** Takes no more connections; those that are there are their owners' business. */
  close(): void {
    this.#server.close();
  }
}
