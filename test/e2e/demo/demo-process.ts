/** A process of the demo under test: started as a user starts it, killed as brutally as the test likes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '../../interop/harness/repository.js';

/** The program; `npm run build` makes it. */
export const DEMO_MAIN_FILE = join(repositoryRoot(), 'apps/demo/dist/main.js');

/** A test process that dies before it stops them must not leave them behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** One service of the mesh, or another command of the demo. */
export class DemoProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #output = '';

  constructor(commandLine: readonly string[], environment: Readonly<Record<string, string>>) {
    // Jest's own flags are not for programs under test.
    const { NODE_OPTIONS: _ignored, ...inherited } = process.env;
    this.#child = spawn(process.execPath, [DEMO_MAIN_FILE, ...commandLine], {
      env: { ...inherited, NO_COLOR: '1', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this.#child);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    this.#ended = once(this.#child, 'close').finally(() => running.delete(this.#child));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** All that it has printed. */
  get output(): string {
    return this.#output;
  }

  /** Sends a signal, unless it has ended, and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (running.has(this.#child)) this.#child.kill(signal);
    await this.#ended;
  }

  /** Resolves when it ends by itself. */
  async ended(): Promise<void> {
    await this.#ended;
  }
}
