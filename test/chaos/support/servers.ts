/** The server under test: Corral, or Apache ZooKeeper with CHAOS_SERVER=apache, to see that the checks themselves are right. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { needsApache, needsCorral, type Requirement } from '../../interop/harness/requirements.js';
import { startApache, startCorral, type RunningServer, type ServerOptions } from '../../interop/harness/index.js';
import { repositoryRoot } from '../../interop/harness/repository.js';

/** Whether the suites run against Apache ZooKeeper. */
export const againstApache = process.env['CHAOS_SERVER'] === 'apache';

/** What the server under test needs of this machine. */
export const needsServer: Requirement = againstApache ? needsApache : needsCorral;

const PORTS = { first: 21_300, last: 21_359 };

/** Starts the server under test and returns when it serves. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const withPorts = { ports: PORTS, ...options };
  if (!againstApache) return startCorral(withPorts);
  // The launcher of Apache hands on the environment of this process; a restart comes without the faults.
  const added = Object.keys(options.environment ?? {});
  Object.assign(process.env, options.environment);
  try {
    return await startApache(withPorts);
  } finally {
    for (const name of added) Reflect.deleteProperty(process.env, name);
  }
}

/** How a process that was not waited for ended. */
export interface Outcome {
  /** The exit code; null when a signal ended it. */
  readonly code: number | null;
  /** Standard output and standard error. */
  readonly output: string;
}

/** Starts the server on a directory that has its zoo.cfg, without waiting for it to serve. */
export function spawnServer(directory: string, environment: NodeJS.ProcessEnv = {}): ChildProcess {
  const configuration = join(directory, 'zoo.cfg');
  const [command, commandArguments] = againstApache
    ? ['java', ['-cp', '/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-simple.jar', APACHE_MAIN, configuration]]
    : [process.execPath, [join(repositoryRoot(), 'apps/cli/dist/main.js'), 'serve', configuration]];
  const { NODE_OPTIONS: _ignored, ...inherited } = process.env;
  return spawn(command, commandArguments, {
    cwd: directory,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const APACHE_MAIN = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';

/** Waits until a spawned server ends by itself; one that is still there after `timeoutMs` is killed, with code null. */
export async function outcomeOf(child: ChildProcess, timeoutMs: number): Promise<Outcome> {
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { code, output: Buffer.concat(chunks).toString('utf8') };
}

/** Everything that a spawned server has said when it says this, when it ends, or after `timeoutMs`. */
export async function outputUntil(child: ChildProcess, says: RegExp, timeoutMs: number): Promise<string> {
  let output = '';
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
    const take = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      if (says.test(output)) resolve();
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('close', resolve);
  });
  clearTimeout(timer);
  return output;
}
