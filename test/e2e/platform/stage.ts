/** An ensemble with platforms on it: what the same assertions run against, whoever serves the ensemble. */
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@corral/client';
import type { RunningServer } from '../../interop/harness/index.js';
import { ANY_PORTS, PlatformProcess } from './platform-process.js';

/** One coordinator and the platforms that were started on it. */
export class Stage {
  #server: RunningServer;
  readonly #platforms: Promise<PlatformProcess>[] = [];
  readonly client: Client;

  constructor(server: RunningServer) {
    this.#server = server;
    this.client = new Client({ connect: this.connect });
  }

  get connect(): string {
    return `127.0.0.1:${this.#server.clientPort}`;
  }

  /** With a file when there is one; what the environment says wins over it. */
  startPlatform(environment: Readonly<Record<string, string>> = {}, file: string[] = []): Promise<PlatformProcess> {
    const platform = PlatformProcess.start({
      commandLine: ['platform', ...file, '--connect', this.connect],
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

  /** The ensemble says nothing more, and keeps its connections. */
  pauseEnsemble(): void {
    this.#server.signal('SIGSTOP');
  }

  resumeEnsemble(): void {
    this.#server.signal('SIGCONT');
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
    // Also those that a test began to start and did not wait for.
    const started = await Promise.allSettled(this.#platforms);
    const platforms = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await Promise.all(platforms.map((platform) => platform.stop('SIGKILL')));
    await this.client.close();
    await this.#server.stop('SIGKILL');
  }
}
