import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '../../interop/harness/repository.js';

const MAIN_FILE = join(repositoryRoot(), 'test/dist/e2e/nest/greeter.js');

/** A test process that dies before it stops them must not leave them behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** `greeter.ts` as a process. */
export class GreeterProcess {
  readonly #child: ChildProcess;
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Returns when it listens. */
  static async start(): Promise<GreeterProcess> {
    const { NODE_OPTIONS: _ofJest, ...env } = process.env;
    const child = spawn(process.execPath, [MAIN_FILE], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    running.add(child);
    child.once('close', () => running.delete(child));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return new GreeterProcess(child, Number(/greeter at (\d+)/.exec(line.toString())?.[1]));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async stop(): Promise<void> {
    if (!running.has(this.#child)) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'close');
  }
}
