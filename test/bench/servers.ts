/** Starts and stops the servers under comparison, each as its users start it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { millisecondsToFirstSession } from './handshake.js';
import { repositoryRoot } from '../interop/harness/repository.js';

/** The servers that the benchmark knows. */
export type ServerKind = 'corral' | 'apache';

/** Servers that serve together, or one alone. */
export interface RunningServers {
  readonly ports: readonly number[];
  readonly pids: readonly number[];
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** A server that runs. */
export interface RunningServer extends RunningServers {
  readonly kind: ServerKind;
  readonly pid: number;
  readonly port: number;
  /** Milliseconds from the start of the process to the first session. */
  readonly startMs: number;
  /** Ends the process by SIGTERM (or the given signal) and waits for its end. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** How to start a server. */
export interface ServerStart {
  readonly kind: ServerKind;
  /** The data and the log of the process go here; starting again in the same directory finds the data. */
  readonly directory: string;
  readonly port: number;
  readonly nodeArguments: readonly string[];
  readonly javaArguments: readonly string[];
  /** Lines that make it a member of an ensemble. */
  readonly ensembleLines?: readonly string[];
}

const START_TIMEOUT_MS = 120_000;
const APACHE_CLASS_PATH = '/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-simple.jar';
const APACHE_MAIN = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';

/**
 * Both servers read this same file. The defaults of both stand, syncs before every acknowledgement included;
 * only the limit of connections per address is lifted, since the load comes from one address.
 */
function zooCfg(start: ServerStart): string {
  return [
    'tickTime=2000',
    `dataDir=${join(start.directory, 'data')}`,
    `clientPort=${start.port}`,
    'clientPortAddress=127.0.0.1',
    'maxClientCnxns=0',
    'admin.enableServer=false',
    ...(start.ensembleLines ?? []),
    '',
  ].join('\n');
}

function commandOf(start: ServerStart, configuration: string): [string, string[]] {
  if (start.kind === 'apache')
    return ['java', [...start.javaArguments, '-cp', APACHE_CLASS_PATH, APACHE_MAIN, configuration]];
  const program = join(repositoryRoot(), 'apps/cli/dist/main.js');
  if (!existsSync(program)) throw new Error(`${program} is missing: build first (npm run build)`);
  return [process.execPath, [...start.nodeArguments, program, 'serve', configuration]];
}

/** Starts a server and waits until it has granted a session. */
export async function startServer(start: ServerStart): Promise<RunningServer> {
  mkdirSync(join(start.directory, 'data'), { recursive: true });
  const configuration = join(start.directory, 'zoo.cfg');
  writeFileSync(configuration, zooCfg(start));
  const logPath = join(start.directory, 'server.log');
  const log = openSync(logPath, 'a');
  const [command, commandArguments] = commandOf(start, configuration);
  const child = spawn(command, commandArguments, { cwd: start.directory, stdio: ['ignore', log, log] });
  closeSync(log);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const startMs = await Promise.race([millisecondsToFirstSession(start.port, START_TIMEOUT_MS), failure(child)]).catch(
    (cause: unknown) => {
      child.kill('SIGKILL');
      const tail = readFileSync(logPath, 'utf8').split('\n').slice(-15).join('\n');
      throw new Error(`${start.kind} did not start; the end of its log:\n${tail}`, { cause });
    },
  );
  return {
    kind: start.kind,
    pid: child.pid ?? 0,
    port: start.port,
    pids: [child.pid ?? 0],
    ports: [start.port],
    startMs,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await exited;
    },
  };
}

function failure(child: ChildProcess): Promise<never> {
  return new Promise((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process ended with code ${code}`)));
  });
}

/** Numbers of members of an ensemble. */
const MEMBER_IDS = [1, 2, 3] as const;

/** How to start one member of an ensemble of three, the first of which has `port` for clients; the others follow. */
export function memberStart(start: ServerStart, id: number): ServerStart {
  const { port } = start;
  const directory = join(start.directory, String(id));
  mkdirSync(join(directory, 'data'), { recursive: true });
  writeFileSync(join(directory, 'data', 'myid'), String(id));
  const servers = MEMBER_IDS.map((other) => `server.${other}=127.0.0.1:${port + 10 + other}:${port + 20 + other}`);
  return { ...start, directory, port: port + id - 1, ensembleLines: ['initLimit=10', 'syncLimit=5', ...servers] };
}

/** Starts the members of an ensemble of three, the first of them in front. */
export function startMembers(start: ServerStart): Promise<RunningServer[]> {
  return Promise.all(MEMBER_IDS.map((id) => startServer(memberStart(start, id))));
}

/** Starts one server, or an ensemble of three on consecutive ports, and waits until each member has granted a session. */
export async function startServers(start: ServerStart, members: 1 | 3): Promise<RunningServers> {
  const servers = members === 1 ? [await startServer(start)] : await startMembers(start);
  return {
    ports: servers.map(({ port }) => port),
    pids: servers.map(({ pid }) => pid),
    stop: async (signal) => {
      await Promise.all(servers.map((server) => server.stop(signal)));
    },
  };
}
