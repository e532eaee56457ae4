/** A server process under test: its log, and how it ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fourLetterWord } from './four-letter-word.js';

/** Which server it is. */
export type ServerKind = 'apache' | 'corral';

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What is known of a process before it is started. */
export interface ServerLaunch {
  readonly kind: ServerKind;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** The directory with `zoo.cfg`, `data/` and `server.log`. */
  readonly directory: string;
  readonly clientPort: number;
  readonly adminPort: number;
  readonly startTimeoutMs: number;
  /** Called once, when the process has ended and will not be started again by this handle. */
  readonly release: () => void;
}

/** Servers that run. A test process that dies before it stops them must not leave them behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A started server. `stop` or `kill` must be called; otherwise it ends with this process. */
export class RunningServer {
  readonly kind: ServerKind;
  readonly host = '127.0.0.1';
  readonly clientPort: number;
  readonly adminPort: number;
  readonly directory: string;
  readonly #child: ChildProcess;
  readonly #launch: ServerLaunch;
  readonly #ended: Promise<ProcessEnd>;
  #end: ProcessEnd | undefined;

  private constructor(launch: ServerLaunch) {
    this.#launch = launch;
    this.kind = launch.kind;
    this.clientPort = launch.clientPort;
    this.adminPort = launch.adminPort;
    this.directory = launch.directory;
    const log = createWriteStream(this.logFile, { flags: 'a' });
    this.#child = spawn(launch.command, [...launch.arguments], {
      cwd: launch.directory,
      env: launch.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this.#child);
    this.#child.stdout?.pipe(log, { end: false });
    this.#child.stderr?.pipe(log, { end: false });
    this.#ended = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.#end = { code, signal };
        running.delete(this.#child);
        log.end();
        launch.release();
        resolve(this.#end);
      };
      this.#child.once('error', (error) => {
        log.write(`${String(error)}\n`);
        end(null, null);
      });
      this.#child.once('close', end);
    });
  }

  /** Starts the process and returns when it answers on the client port; fails with its log when it does not. */
  static async start(launch: ServerLaunch): Promise<RunningServer> {
    const server = new RunningServer(launch);
    try {
      await server.#untilServing();
    } catch (error) {
      await server.stop('SIGKILL');
      throw error;
    }
    return server;
  }

  get pid(): number {
    const pid = this.#child.pid;
    if (pid === undefined) throw new Error(`${this.kind} was never started`);
    return pid;
  }

  /** Where standard output and standard error go. */
  get logFile(): string {
    return `${this.directory}/server.log`;
  }

  /** Everything the server has written to standard output and standard error, earlier runs in the directory included. */
  log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Set once the process has ended. */
  get ended(): ProcessEnd | undefined {
    return this.#end;
  }

  /** Resolves when the process ends, by whatever cause. */
  untilEnded(): Promise<ProcessEnd> {
    return this.#ended;
  }

  /** Sends the signal and waits for the end; a process that outlives `timeoutMs` is killed and reported. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', timeoutMs = 10_000): Promise<ProcessEnd> {
    if (this.#end !== undefined) return this.#end;
    this.#child.kill(signal);
    const timeout = new AbortController();
    const end = await Promise.race([
      this.#ended,
      delay(timeoutMs, undefined, { signal: timeout.signal }).catch(() => undefined),
    ]);
    timeout.abort();
    if (end !== undefined) return end;
    this.#child.kill('SIGKILL');
    await this.#ended;
    throw new Error(`${this.kind} did not end within ${timeoutMs} ms of ${signal}; it was killed`);
  }

  /** `kill -9`. */
  kill(): Promise<ProcessEnd> {
    return this.stop('SIGKILL');
  }

  /** Sends any signal, such as SIGSTOP, without waiting. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Starts the same command on the same directory and ports, once this process has ended. */
  async restart(): Promise<RunningServer> {
    if (this.#end === undefined) throw new Error(`${this.kind} still runs; stop it before restarting it`);
    return RunningServer.start(this.#launch);
  }

  async #untilServing(): Promise<void> {
    const deadlineMs = Date.now() + this.#launch.startTimeoutMs;
    for (;;) {
      if (this.#end !== undefined) {
        throw new Error(`${this.kind} ended during its start (${JSON.stringify(this.#end)}):\n${this.log()}`);
      }
      const answer = await fourLetterWord(this.clientPort, 'srvr', 1_000).catch(() => '');
      // Both servers answer `srvr` whatever the whitelist says; the mode is named only while requests are served.
      if (answer.includes('Mode: ')) return;
      if (Date.now() > deadlineMs) {
        throw new Error(`${this.kind} did not serve within ${this.#launch.startTimeoutMs} ms:\n${this.log()}`);
      }
      await delay(50);
    }
  }
}
