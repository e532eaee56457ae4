/** Turns the README's commands into one script, and runs it as a reader would: in order, from the root of the repository. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../../interop/harness/repository.js';

/** A command and what came of it. */
export interface CommandOutcome {
  readonly command: string;
  readonly output: string;
  readonly exitCode: number;
}

/** A command that goes on running, and the line by which a reader sees that it does what it is to do. */
export interface LongRunning {
  readonly command: RegExp;
  readonly upWhen: string;
  /** How many such lines; one unless said otherwise. */
  readonly count?: number;
  /** Whether the reader ends it then; otherwise it runs beside the commands that follow. */
  readonly isEnded?: boolean;
}

/** Parts of the repository that commands of the README use. Its `data` is not among them: a reader's own stays untouched. */
const LINKED = ['apps', 'config', 'libs', 'node_modules', 'package.json', 'tsconfig.json'];
const UP_TENTHS_MAX = 600;
/** A command that hangs ends the run, and with it everything that was started. */
const RUN_MS_MAX = 110_000;
const MARK = '@@quick-start';

/** Where Debian has the programs of ZooKeeper, as the README says. */
export const DEBIAN_ZOOKEEPER_BIN = '/usr/share/zookeeper/bin';

/** A network of one's own, where the README's ports are free whatever runs on this machine. Linux only; processes end with it. */
const OWN_NETWORK = ['unshare', '--map-root-user', '--net', '--pid', '--fork', '--kill-child'];

/** Whether this machine gives a test a network of its own. */
export function hasOwnNetwork(): boolean {
  try {
    const [program = '', ...options] = OWN_NETWORK;
    execFileSync(program, [...options, 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs the commands and tells what each printed. */
export async function runCommands(
  commands: readonly string[],
  running: readonly LongRunning[],
): Promise<CommandOutcome[]> {
  const directory = mkdtempSync(join(tmpdir(), 'corral-quick-start-'));
  for (const name of LINKED) symlinkSync(join(repositoryRoot(), name), join(directory, name));
  const [program = '', ...options] = OWN_NETWORK;
  const { NODE_OPTIONS: _ofJest, ...environment } = process.env;
  const child = spawn(program, [...options, 'bash', '-c', scriptOf(commands, running)], {
    cwd: directory,
    env: { ...environment, NO_COLOR: '1', PATH: `${environment['PATH']}:${DEBIAN_ZOOKEEPER_BIN}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const limit = setTimeout(() => child.kill('SIGKILL'), RUN_MS_MAX);
  await once(child, 'close');
  clearTimeout(limit);
  rmSync(directory, { recursive: true });
  return outcomesOf(printed);
}

function scriptOf(commands: readonly string[], running: readonly LongRunning[]): string {
  const steps = commands.map((command, i) => {
    const long = running.find((one) => one.command.test(command));
    const run = long === undefined ? `(${command}\n)` : inBackground(command, long, `running-${i}.log`);
    return `echo; echo '${MARK} ${i} ${Buffer.from(command).toString('base64')}'; ${run} 2>&1; code=$?; echo; echo "${MARK} exit $code"`;
  });
  return ['ip link set lo up', ...steps].join('\n');
}

function inBackground(command: string, { upWhen, count = 1, isEnded }: LongRunning, log: string): string {
  const isUp = `[ "$(grep -c '${upWhen}' ${log})" -ge ${count} ]`;
  const wait = `for i in $(seq ${UP_TENTHS_MAX}); do ${isUp} && break; sleep 0.1; done`;
  const run = `{ exec ${command}\n} >${log} 2>&1 &`;
  return `{ ${run} ${wait}; ${isEnded === true ? 'kill $!;' : ''} cat ${log}; ${isUp}; }`;
}

function outcomesOf(printed: string): CommandOutcome[] {
  const pattern = new RegExp(`^${MARK} \\d+ (\\S+)\\n([\\s\\S]*?)^${MARK} exit (\\d+)$`, 'gm');
  return [...printed.matchAll(pattern)].map(([, command = '', output = '', exitCode = '']) => ({
    command: Buffer.from(command, 'base64').toString(),
    output,
    exitCode: Number(exitCode),
  }));
}
