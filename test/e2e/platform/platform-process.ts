/** A `corral` process under test that runs a platform, alone or beside a coordinator. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '../../interop/harness/repository.js';

const MAIN_FILE = join(repositoryRoot(), 'apps/cli/dist/main.js');
const START_MS_MAX = 45_000;

/** A test process that dies before it stops them must not leave them behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** How a process is started. */
export interface PlatformStart {
  /** Behind `corral`. */
  readonly commandLine: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly directory?: string;
}

/** Any free port for each listener. */
export const ANY_PORTS = { CORRAL_PLATFORM_HTTP_PORT: '0', CORRAL_PLATFORM_GRPC_PORT: '0' };

/** A started process. */
export class PlatformProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #output = '';
  #hasEnded = false;

  private constructor({ commandLine, environment, directory }: PlatformStart) {
    // Jest's own flags are not for programs under test.
    const { NODE_OPTIONS: _ignored, ...inherited } = process.env;
    this.#child = spawn(process.execPath, [MAIN_FILE, ...commandLine], {
      env: { ...inherited, CORRAL_PLATFORM_LOG_FORMAT: 'text', ...environment },
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this.#child);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    this.#ended = once(this.#child, 'close').then(([code]) => {
      running.delete(this.#child);
      this.#hasEnded = true;
      return code as number | null;
    });
  }

  /** Starts it and returns when the platform says where it is. */
  static async start(start: PlatformStart): Promise<PlatformProcess> {
    const started = new PlatformProcess(start);
    await started.untilOutput(/platform at http/);
    return started;
  }

  /** Runs it to its end, for starts that are refused. */
  static async run(start: PlatformStart): Promise<{ readonly code: number | null; readonly output: string }> {
    const started = new PlatformProcess(start);
    return { code: await started.#ended, output: started.output };
  }

  get output(): string {
    return this.#output;
  }

  /** Where HTTP is served. */
  get url(): string {
    return this.#find(/platform at (http:\S+?),/);
  }

  /** Where gRPC is served. */
  get grpcAddress(): string {
    return this.#find(/gRPC at (\S+)/);
  }

  /** The port of the coordinator in the same process. */
  get clientPort(): number {
    return Number(this.#find(/serving ZooKeeper clients at \S+:(\d+)/));
  }

  /** Resolves when the process has printed something. */
  async untilOutput(pattern: RegExp): Promise<void> {
    const deadline = AbortSignal.timeout(START_MS_MAX);
    while (!pattern.test(this.#output)) {
      if (this.#hasEnded) throw new Error(`the process ended without ${String(pattern)}:\n${this.#output}`);
      const printed = once(this.#child.stdout ?? this.#child, 'data', { signal: deadline }).catch((cause: unknown) => {
        throw new Error(`not printed in time: ${String(pattern)}:\n${this.#output}`, { cause });
      });
      await Promise.race([printed, this.#ended]);
    }
  }

  /** Sends a signal and waits for the end; the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (!this.#hasEnded) this.#child.kill(signal);
    return this.#ended;
  }

  #find(pattern: RegExp): string {
    const found = pattern.exec(this.#output)?.[1];
    if (found === undefined) throw new Error(`${String(pattern)} is not in the output:\n${this.#output}`);
    return found;
  }
}
