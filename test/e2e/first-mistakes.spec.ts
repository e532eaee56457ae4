/** What a person sees who gets something wrong the first time: one sentence, an exit code, no stack. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../interop/harness/repository.js';

const CORRAL = join(repositoryRoot(), 'apps/cli/dist/main.js');
const DEMO = join(repositoryRoot(), 'apps/demo/dist/main.js');
/** Root may read and write everything, so the tests are somebody else. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

let directory: string;
let squatter: Server;
let takenPort: number;

const file = (name: string, text: string): void => writeFileSync(join(directory, name), text);

beforeAll(async () => {
  squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  takenPort = (squatter.address() as { port: number }).port;
  directory = mkdtempSync(join(tmpdir(), 'corral-mistakes-'));
  chmodSync(directory, 0o777);
  const others = 'clientPort=0\nadmin.enableServer=false\n';
  file('a-file', 'text\n');
  file('secret.cfg', 'dataDir=data\n');
  chmodSync(join(directory, 'secret.cfg'), 0);
  mkdirSync(join(directory, 'locked'), { mode: 0 });
  file('on-a-file.cfg', `dataDir=a-file\n${others}`);
  file('below-a-file.cfg', `dataDir=a-file/data\n${others}`);
  file('log-on-a-file.cfg', `dataDir=data\ndataLogDir=a-file\n${others}`);
  file('locked.cfg', `dataDir=locked\n${others}`);
  file('nowhere.cfg', 'dataDir=data\nclientPort=0\nclientPortAddress=no-such-host.invalid\n');
  file('grpc.yaml', `platform:\n  http:\n    port: 0\n  grpc:\n    port: ${takenPort}\n`);
  file('http.yaml', `platform:\n  http:\n    port: ${takenPort}\n  grpc:\n    port: 0\n`);
  file('no-tokens.yaml', 'platform:\n  auth:\n    tokenFile: none.yaml\n');
});

afterAll(() => {
  squatter.close();
  rmSync(directory, { recursive: true });
});

interface Ended {
  readonly code: number | null;
  /** What stands on standard error. */
  readonly said: string;
}

async function run(program: string, args: readonly string[], environment = {}): Promise<Ended> {
  const { NODE_OPTIONS: _testRunners, ...inherited } = process.env;
  const env = { ...inherited, ...environment };
  const child = spawn(process.execPath, [program, ...args], { cwd: directory, env, ...NOBODY });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

describe('corral', () => {
  it.each([
    ['serve none.cfg', 'none.cfg: does not exist'],
    ['serve .', '.: is a directory; allowed: a zoo.cfg or a corral.yaml'],
    ['serve secret.cfg', 'secret.cfg: cannot be read: permission denied'],
    ['serve on-a-file.cfg', 'dataDir DIR/a-file is not a directory'],
    ['serve below-a-file.cfg', 'dataDir DIR/a-file/data cannot be used: DIR/a-file is not a directory'],
    ['serve log-on-a-file.cfg', 'dataLogDir DIR/a-file is not a directory'],
    ['serve locked.cfg', 'dataDir DIR/locked is not one that this user may read and write'],
    ['serve nowhere.cfg', 'no-such-host.invalid: the host name has no address'],
    ['platform none.yaml', 'none.yaml: does not exist'],
    ['platform .', '.: is a directory; allowed: a corral.yaml'],
    ['platform secret.cfg', 'secret.cfg: cannot be read: permission denied'],
    ['platform on-a-file.cfg', 'on-a-file.cfg: holds no settings; allowed: a corral.yaml'],
    ['platform http.yaml', '127.0.0.1:<port> is taken: another program listens there'],
    ['platform grpc.yaml', '127.0.0.1:<port> is taken: another program listens there'],
    ['platform no-tokens.yaml', 'none.yaml: cannot be read: ENOENT: no such file or directory'],
    ['export none out', 'there is no data of a Corral server in DIR/none'],
    ['export a-file out', 'there is no data of a Corral server in DIR/a-file'],
    ['export locked out', 'DIR/locked/corral: permission denied'],
    ['inspect log a-file', 'a-file is not a directory'],
    ['inspect log locked', 'locked: permission denied'],
    ['inspect tree a-file', 'a-file is not a directory'],
    ['inspect tree locked', 'locked: permission denied'],
    ['get / -s 127.0.0.1:1', 'no server answers at 127.0.0.1:1; is one running? (corral serve)'],
    ['set /a b -s no-such-host.invalid', 'no server answers at no-such-host.invalid; is one running?'],
  ])('%s', async (commandLine, sentence) => {
    const { code, said } = await run(CORRAL, commandLine.split(' '));
    expect(code).toBe(1);
    expect(said).toContain(`corral: ${sentence.replaceAll('DIR', directory).replace('<port>', String(takenPort))}`);
    expect(said.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([
    ['sevre', 'there is no command "sevre"; did you mean serve?'],
    ['platform --conect a:1', "Unknown option '--conect'; see corral help platform"],
    ['get', 'say which znode: corral get /path'],
    ['get / -s a:b:c', '--server: "a:b:c" is not a host such as 10.0.0.1:2181'],
    ['set /a', 'set takes a path and the data'],
    ['ls /a /b', 'ls takes one path'],
    ['status x:y', 'a member is HOST, HOST:PORT or [IPV6]:PORT, not "x:y"'],
    ['export data', 'export takes two directories'],
  ])('%s, which makes no sense', async (commandLine, sentence) => {
    const { code, said } = await run(CORRAL, commandLine.split(' '));
    expect(code).toBe(2);
    expect(said).toContain(`corral: ${sentence}`);
    expect(said.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('the demo', () => {
  it.each([
    ['discount 20', { CORRAL_CONNECT: '127.0.0.1:1' }, 'no server answers at 127.0.0.1:1; is one running? (npm start)'],
    ['discount 20', { CORRAL_CONNECT: 'a:b:c' }, 'CORRAL_CONNECT: "a:b:c" is not a host'],
    ['storefront', { DEMO_PORT: 'high' }, 'DEMO_PORT: "high"; allowed: an integer from 0 to 65535'],
    ['storefront', { CORRAL_CONNECT: '127.0.0.1:1', DEMO_PORT: '<port>' }, '127.0.0.1:<port> is taken'],
  ])('%s with %j', async (commandLine, environment: Record<string, string>, sentence) => {
    const port = String(takenPort);
    const env = Object.fromEntries(
      Object.entries(environment).map(([key, value]) => [key, value.replace('<port>', port)]),
    );
    const { code, said } = await run(DEMO, commandLine.split(' '), env);
    expect(code).toBe(1);
    expect(said.trimEnd().split('\n').at(-1)).toContain(`demo: ${sentence.replace('<port>', port)}`);
    expect(said).not.toMatch(/^ {4}at /m);
  });

  it('shows its commands to who gets one wrong', async () => {
    const { code, said } = await run(DEMO, ['discont', '20']);
    expect([code, said]).toEqual([2, expect.stringContaining('usage: node apps/demo/dist/main.js')]);
  });
});
