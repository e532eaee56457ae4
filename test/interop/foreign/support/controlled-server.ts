/** A server that a foreign program may have stopped, killed and started again while it runs. */
import {
  digestOf,
  startApache,
  startCorral,
  type RunningServer,
  type ServerKind,
  type ServerOptions,
} from '../../harness/index.js';
import { CuttablePath } from '../../../chaos/support/cuttable-path.js';

/**
 * What all foreign programs find: the superuser "super:test", and TTL nodes allowed. `settings` are further keys of
 * `zoo.cfg`; Apache takes some of those from system properties only, so it gets them there as well.
 */
function optionsWith(settings: Readonly<Record<string, string>>): ServerOptions {
  const all = { extendedTypesEnabled: 'true', ...settings };
  return {
    superDigest: digestOf('super', 'test'),
    configLines: Object.entries(all).map(([key, value]) => `${key}=${value}`),
    javaArguments: ['-Xmx256m'],
    // Apache decodes credentials in the charset of its environment; clients send UTF-8.
    javaProperties: { 'file.encoding': 'UTF-8', ...settings },
  };
}

/** One server on one port, whichever process serves it at the moment. */
export class ControlledServer {
  #server: RunningServer;
  readonly #path: CuttablePath;

  private constructor(server: RunningServer, path: CuttablePath) {
    this.#server = server;
    this.#path = path;
  }

  static async start(kind: ServerKind, settings: Readonly<Record<string, string>> = {}): Promise<ControlledServer> {
    const options = optionsWith(settings);
    const server = await (kind === 'apache' ? startApache(options) : startCorral(options));
    return new ControlledServer(server, await CuttablePath.to(server.clientPort));
  }

  get clientPort(): number {
    return this.#server.clientPort;
  }

  /** `127.0.0.1:<port>`, the connect string of every client. */
  get address(): string {
    return `${this.#server.host}:${this.#server.clientPort}`;
  }

  /** Another connect string of the same server, over a path that a program may have cut. */
  get cuttableAddress(): string {
    return this.#path.address;
  }

  /** Does what a program asks for, by the word it uses. */
  async obey(request: string): Promise<void> {
    switch (request) {
      case 'start':
        return this.start();
      case 'stop':
        return this.stop();
      case 'restart':
        await this.stop();
        return this.start();
      case 'kill':
        await this.#server.kill();
        return this.start();
      case 'cut':
        return this.#path.cut();
      case 'mend':
        return this.#path.mend();
      default:
        throw new Error(`a program asked the server for "${request}"`);
    }
  }

  /** Starts the server on the data it has; one that runs stays as it is. */
  async start(): Promise<void> {
    if (this.#server.ended !== undefined) this.#server = await this.#server.restart();
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  /** Ends the server and the path to it. */
  async close(): Promise<void> {
    await this.#path.close();
    await this.stop();
  }

  log(): string {
    return this.#server.log();
  }
}
