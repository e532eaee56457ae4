/** An ensemble with platforms on it: what the same assertions run against, whoever serves the ensemble. */
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@corral/client';
import type { RunningServer } from '../../interop/harness/index.js';
import { ANY_PORTS, PlatformProcess } from './platform-process.js';

/** One coordinator and the platforms that were started on it. */
export class Stage {
  #server: RunningServer;
  readonly #platforms: PlatformProcess[] = [];
  readonly client: Client;

  constructor(server: RunningServer) {
    this.#server = server;
    this.client = new Client({ connect: this.connect });
  }

  get connect(): string {
    return `127.0.0.1:${this.#server.clientPort}`;
  }

  async startPlatform(environment: Readonly<Record<string, string>> = {}): Promise<PlatformProcess> {
    const platform = await PlatformProcess.start({
      commandLine: ['platform', '--connect', this.connect],
      environment: { ...ANY_PORTS, ...environment },
    });
    this.#platforms.push(platform);
    return platform;
  }

  /** The ensemble goes away without a word. */
  async killEnsemble(): Promise<void> {
    await this.#server.kill();
  }

  async restartEnsemble(): Promise<void> {
    this.#server = await this.#server.restart();
  }

  /** Every znode below a path with the version of its data: equal before and after means that nothing was stored. */
  async everything(path: string): Promise<Record<string, number>> {
    const stat = await this.client.exists(path);
    if (stat === undefined) return {};
    const found: Record<string, number> = { [path]: stat.version };
    for (const child of await this.client.children(path))
      Object.assign(found, await this.everything(path === '/' ? `/${child}` : `${path}/${child}`));
    return found;
  }

  /** Everything, once the workers of all platforms have put down what they keep: from then on only requests change something. */
  async everythingAtRest(): Promise<Record<string, number>> {
    const deadline = AbortSignal.timeout(20_000);
    const platforms = '/corral/registry/platforms';
    for (;;) {
      const found = await this.everything('/');
      const known = Object.keys(found).filter((path) => path.startsWith(`${platforms}/`)).length;
      if ('/corral/config/_controller' in found && known >= this.#platforms.length) return found;
      deadline.throwIfAborted();
      await delay(50);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#platforms.map((platform) => platform.stop('SIGKILL')));
    await this.client.close();
    await this.#server.stop('SIGKILL');
  }
}
