/** Runs a platform as a process: from the configuration to the exit code. */
import type { Logger } from 'pino';
import { type ConfigurationSources, loadPlatformConfiguration } from './configuration/load-platform-configuration.js';
import { openLog } from './logging/log.js';
import { type RunningPlatform, startPlatform } from './platform.js';
import { PLATFORM_VERSION } from './version.js';

/** A stop that takes longer has gone wrong; whoever asked for it would kill the process next. */
const STOP_MS_MAX = 10_000;

const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Serves until a signal ends the process; resolves when everything is up. @throws PlatformConfigurationError, PlatformStartError */
export async function servePlatform(sources: ConfigurationSources): Promise<void> {
  const config = loadPlatformConfiguration(sources);
  const log = openLog({ level: config.logLevel, format: config.logFormat ?? 'json' });
  log.info({ pid: process.pid, node: process.versions.node }, `Corral platform ${PLATFORM_VERSION}`);
  const life = new PlatformLife(log);
  life.watchProcess();
  life.run(await startPlatform(config, log));
}

/** Starts a platform inside a process that is somebody else's, who also ends it. `undefined`: the configuration has none. */
export async function startEmbeddedPlatform(
  sources: ConfigurationSources & { readonly connect: string },
): Promise<RunningPlatform | undefined> {
  const { connect, ...others } = sources;
  const config = loadPlatformConfiguration(others);
  if (config.enabled === false || (config.enabled === undefined && sources.file !== undefined)) return undefined;
  const log = openLog({ level: config.logLevel, format: config.logFormat ?? 'text' });
  return startPlatform({ ...config, connect: config.connect ?? connect }, log);
}

class PlatformLife {
  readonly #log: Logger;
  #platform: RunningPlatform | undefined;
  #stopping = false;

  constructor(log: Logger) {
    this.#log = log;
  }

  watchProcess(): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => this.#onSignal(signal));
    process.on('uncaughtException', (err) => {
      this.#log.error({ err }, 'a bug stops the platform');
      process.exit(1);
    });
  }

  run(platform: RunningPlatform): void {
    this.#platform = platform;
  }

  #onSignal(signal: keyof typeof SIGNAL_EXIT_CODES): void {
    if (this.#stopping) {
      this.#log.warn({ signal }, 'asked a second time, ending at once');
      process.exit(SIGNAL_EXIT_CODES[signal]);
    }
    this.#stopping = true;
    this.#log.info({ signal }, 'stopping');
    setTimeout(() => {
      this.#log.error({ stopMsMax: STOP_MS_MAX }, 'the stop takes too long, ending without it');
      process.exit(1);
    }, STOP_MS_MAX).unref();
    void this.#stop();
  }

  async #stop(): Promise<void> {
    try {
      await this.#platform?.close();
      this.#log.info('stopped');
      process.exit(0);
    } catch (err) {
      this.#log.error({ err }, 'the stop failed');
      process.exit(1);
    }
  }
}
