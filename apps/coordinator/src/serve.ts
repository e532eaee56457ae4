/** Runs a coordinator as a process: from the configuration file to the exit code. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { loadConfiguration, type LoadedConfiguration } from './configuration/load-configuration.js';
import { type LineLogger, type Logger, stdoutLineLogger } from './logging/line-logger.js';
import type * as NestApplication from './nest-application.js';
import type { Coordinator } from './server/coordinator.js';
import { CoordinatorServer } from './server/coordinator-server.js';
import { startFailureOf } from './server/start-failure.js';
import { CORRAL_VERSION, ZOOKEEPER_VERSION } from './version.js';

/** A stop that takes longer has gone wrong; whoever asked for it would kill the process next. */
const STOP_MS_MAX = 10_000;

const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Something else in this process, that works with the member: it ends before the member does. */
export interface Companion {
  close(): Promise<void>;
}

/** Starts it, once clients are served; `connect` is where. `undefined`: the configuration has none. */
export type StartCompanion = (connect: string) => Promise<Companion | undefined>;

/**
 * Serves until a signal ends the process; resolves when everything is up.
 * @throws ConfigurationError and StartFailedError, whose messages are all that a person needs, and what the companion throws.
 */
export async function serve(file: string | undefined, startCompanion?: StartCompanion): Promise<void> {
  const loaded = await loadConfiguration(file);
  const lines = stdoutLineLogger(loaded.config.logLevel);
  const log = lines.component('corral');
  greet(loaded, log);
  const coordinator = new CoordinatorServer(loaded.config, lines);
  const life = new ProcessLife(coordinator, log);
  life.watchProcess();
  try {
    // The member first: loading Nest takes longer than everything else of a start, and clients need not wait for it.
    await coordinator.start();
    tellWhereClientsConnect(loaded, coordinator, log);
    await life.run(loaded, lines);
    if (startCompanion !== undefined) await life.accompany(startCompanion, connectStringOf(loaded, coordinator));
  } catch (error) {
    await life.abandon();
    throw startFailureOf(error, loaded.config);
  }
}

function greet({ config, remarks }: LoadedConfiguration, log: Logger): void {
  log('info', `Corral ${CORRAL_VERSION}, speaking the protocol of ZooKeeper ${ZOOKEEPER_VERSION}`, {
    pid: process.pid,
    node: process.versions.node,
    configuration: config.file ?? 'defaults',
  });
  for (const { level, sentence } of remarks) log(level, sentence);
}

function tellWhereClientsConnect({ config }: LoadedConfiguration, coordinator: Coordinator, log: Logger): void {
  const { clientPort } = coordinator.facts.configuration;
  const host = config.clientAddress.includes(':') ? `[${config.clientAddress}]` : config.clientAddress;
  log('info', `serving ZooKeeper clients at ${host}:${clientPort}`, {
    data: config.dataDirectory,
    log: config.logDirectory === config.dataDirectory ? undefined : config.logDirectory,
    startMs: Math.round(performance.now()),
  });
  if (!config.clientAddressExplicit) {
    log(
      'info',
      'only programs on this machine can connect; clientPortAddress (clients.address), such as 0.0.0.0, opens the port to others',
    );
  }
}

/** How a program in the same process reaches the member. */
function connectStringOf({ config }: LoadedConfiguration, coordinator: Coordinator): string {
  const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
  const host = everywhere[config.clientAddress] ?? config.clientAddress;
  return `${host.includes(':') ? `[${host}]` : host}:${coordinator.facts.configuration.clientPort}`;
}

/** Nest in pieces: loaded at once, its modules would keep clients waiting for as long as their evaluation takes. */
async function importNest(): Promise<typeof NestApplication> {
  const pieces = [
    () => import('@nestjs/common'),
    () => import('@nestjs/core'),
    () => import('@nestjs/microservices'),
    () => import('@nestjs/platform-express'),
  ];
  for (const load of pieces) {
    await load();
    await nextTurn();
  }
  return import('./nest-application.js');
}

/** What ends the process, and how. */
class ProcessLife {
  readonly #coordinator: Coordinator;
  readonly #log: Logger;
  #application: NestApplication.RunningApplication | undefined;
  #companion: Companion | undefined;
  #stopping: Promise<void> | undefined;

  constructor(coordinator: Coordinator, log: Logger) {
    this.#coordinator = coordinator;
    this.#log = log;
  }

  watchProcess(): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => this.#onSignal(signal));
    process.on('uncaughtException', (error) => {
      this.#log('error', 'a bug stops the server; what was acknowledged is on disk');
      process.stderr.write(`${error.stack ?? error.message}\n`);
      process.exit(1);
    });
  }

  /** Puts Nest around the running member, with the admin HTTP. */
  async run({ config }: LoadedConfiguration, lines: LineLogger): Promise<void> {
    const { startNestApplication } = await importNest();
    if (this.#stopping !== undefined) return;
    const application = await startNestApplication(config, this.#coordinator, lines.component('nest'));
    this.#application = application;
    if (application.adminPort === undefined) return;
    const host = config.adminAddress.includes(':') ? `[${config.adminAddress}]` : config.adminAddress;
    this.#log('info', `admin pages at http://${host}:${application.adminPort}/commands, /health/ready and /metrics`);
  }

  /** Starts what works with the member, unless the end has come meanwhile. */
  async accompany(startCompanion: StartCompanion, connect: string): Promise<void> {
    if (this.#stopping !== undefined) return;
    const companion = await startCompanion(connect);
    this.#companion = companion;
    // The signal may have come while it started, and found nothing to close.
    if (this.#stopping !== undefined) await companion?.close();
  }

  /** Gives everything back after a start that failed. */
  async abandon(): Promise<void> {
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
    await this.#application?.close();
    await this.#coordinator.stop();
  }

  #onSignal(signal: keyof typeof SIGNAL_EXIT_CODES): void {
    if (this.#stopping !== undefined) {
      this.#log('warn', 'asked a second time, ending at once', { signal });
      process.exit(SIGNAL_EXIT_CODES[signal]);
    }
    this.#log('info', 'stopping', { signal });
    setTimeout(() => {
      this.#log('error', 'the stop takes too long, ending without it; the next start replays the log', {
        stopMsMax: STOP_MS_MAX,
      });
      process.exit(1);
    }, STOP_MS_MAX).unref();
    this.#stopping = this.#stop();
  }

  async #stop(): Promise<void> {
    try {
      await this.#companion?.close();
      await (this.#application?.close() ?? this.#coordinator.stop());
      this.#log('info', 'stopped');
      process.exit(0);
    } catch (error) {
      this.#log('error', 'the stop failed', { cause: error });
      process.exit(1);
    }
  }
}
