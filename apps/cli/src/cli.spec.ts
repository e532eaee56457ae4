import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { join, resolve } from 'node:path';

// These tests run the built command, as a user does.
const MAIN_FILE = resolve(import.meta.dirname, '../dist/main.js');

// A process starts in a fraction of a second, unless many others do the same.
jest.setTimeout(30_000);

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `corral`. */
class Corral {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #stdout = '';
  #stderr = '';

  constructor(...args: string[]) {
    if (!existsSync(MAIN_FILE)) throw new Error(`${MAIN_FILE} is missing: run npm run build first`);
    const { NODE_OPTIONS: _testRunners, ...env } = process.env;
    const tampered = tampering === '' ? [] : ['--import', `data:text/javascript,${encodeURIComponent(tampering)}`];
    const child = spawn(process.execPath, [...tampered, MAIN_FILE, ...args], {
      cwd: directory,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    running.push(child);
    child.stdout.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
    this.ended = once(child, 'close').then(([code]) => ({
      code: code as number | null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
  }

  /** The first match in what it has written to standard output, as soon as it is there. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#stdout);
      if (match !== null) return match;
      if (this.#child.exitCode !== null)
        throw new Error(`it ended without saying ${String(pattern)}: ${this.#stdout}${this.#stderr}`);
      await Promise.race([once(this.#child.stdout, 'data'), this.ended]);
    }
  }

  async clientPort(): Promise<number> {
    return Number((await this.says(/serving ZooKeeper clients at 127\.0\.0\.1:(\d+)/))[1]);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}

let directory: string;
/** A module that runs before `corral` in its process, to break something there. */
let tampering: string;
const running: ChildProcess[] = [];

beforeEach(() => {
  tampering = '';
  directory = mkdtempSync(join(tmpdir(), 'corral-cli-'));
});

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

function zooCfg(...lines: string[]): string {
  const file = join(directory, 'zoo.cfg');
  writeFileSync(
    file,
    ['dataDir=data', 'clientPort=0', 'admin.enableServer=false', '4lw.commands.whitelist=*', ...lines].join('\n'),
  );
  return file;
}

async function fourLetterWord(port: number, word: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(word);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

describe('corral', () => {
  it.each([[[]], [['help']], [['--help']]])('lists its commands for %j', async (args) => {
    const { code, stdout } = await new Corral(...args).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}corral serve \[FILE\] +run a server/m);
    expect(stdout).not.toMatch(/^.{81}/m);
  });

  it.each([
    ['help', 'serve'],
    ['serve', '--help'],
  ])('explains a command: %s %s', async (...args) => {
    const { code, stdout } = await new Corral(...args).ended;
    expect(code).toBe(0);
    expect(stdout).toContain('zoo.cfg');
  });

  it('prints its version', async () => {
    expect((await new Corral('version').ended).stdout).toMatch(/^corral \d+\.\d+\.\d+ \(protocol of ZooKeeper 3\.8/);
  });

  it.each([
    [['sevre'], 'corral: there is no command "sevre"; did you mean serve?\n'],
    [['toString'], 'corral: there is no command "toString"; the commands are '],
    [['serve', '--prot', '1'], "corral: Unknown option '--prot'; see corral help serve\n"],
    [['serve', 'a', 'b'], 'corral: serve takes one configuration file\n'],
    [['inspect', 'snapshot', '.'], 'corral: say what to inspect: log or tree\n'],
    [['inspect', 'log'], 'corral: inspect log takes one directory\n'],
    [['inspect', 'log', '.', '--after', '0xg'], 'corral: --after takes a zxid such as 0x100000003, not "0xg"\n'],
    [['inspect', 'log', '.', '--limit', '-1'], "corral: Option '--limit' argument is ambiguous"],
    [['inspect', 'tree', '.', '--after', '1'], 'corral: --after and --through are for the log'],
  ])('says what is wrong with %j, with exit code 2', async (args, sentence) => {
    const { code, stderr } = await new Corral(...args).ended;
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('corral serve', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'serves until %s, then ends with 0 and gives the directory back',
    async (signal) => {
      const file = zooCfg();
      for (let round = 0; round < 2; round += 1) {
        const corral = new Corral('serve', file);
        expect(await fourLetterWord(await corral.clientPort(), 'ruok')).toBe('imok');
        corral.signal(signal);
        const { code, stderr } = await corral.ended;
        expect([code, stderr]).toEqual([0, '']);
      }
    },
  );

  it('runs from a corral.yaml, with the admin pages beside it', async () => {
    const file = join(directory, 'corral.yaml');
    writeFileSync(file, 'data: { directory: data }\nclients: { port: 0 }\nadmin: { port: 0 }\n');
    const corral = new Corral('serve', file);
    const [, url = ''] = await corral.says(/admin pages at (http:\S+)\/commands/);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    // Somebody who begins a request and never ends it does not hold up the end.
    const dawdler = connect(Number(new URL(url).port), '127.0.0.1', () => dawdler.write('GET / HTTP/1.1\r\n'));
    dawdler.on('error', () => undefined);
    await once(dawdler, 'connect');
    corral.signal('SIGTERM');
    expect((await corral.ended).code).toBe(0);
  });

  it('is ended cleanly while it still starts', async () => {
    const corral = new Corral('serve', zooCfg('admin.enableServer=true', 'admin.serverPort=0'));
    await corral.clientPort();
    corral.signal('SIGTERM');
    expect((await corral.ended).code).toBe(0);
  });

  it('is ended at once by a second signal, when the first does not get through', async () => {
    tampering = `import net from 'node:net'; net.Server.prototype.close = function () { return this; };`;
    const corral = new Corral('serve', zooCfg());
    await corral.clientPort();
    corral.signal('SIGTERM');
    await corral.says(/stopping signal=SIGTERM/);
    corral.signal('SIGTERM');
    expect((await corral.ended).code).toBe(143);
  });

  it.each(['throw bug', 'Promise.reject(bug)'])('ends with 1 and a stack when there is a bug: %s', async (failure) => {
    tampering = `process.on('SIGUSR2', () => { const bug = new Error('a bug'); ${failure}; });`;
    const corral = new Corral('serve', zooCfg());
    await corral.clientPort();
    corral.signal('SIGUSR2');
    const { code, stdout, stderr } = await corral.ended;
    expect(code).toBe(1);
    expect(stdout).toContain('ERROR corral    a bug stops the server');
    expect(stderr).toMatch(/^Error: a bug\n {4}at /);
  });

  it('starts again after kill -9, without help', async () => {
    const file = zooCfg();
    const first = new Corral('serve', file);
    await first.clientPort();
    first.signal('SIGKILL');
    await first.ended;
    expect(await fourLetterWord(await new Corral('serve', file).clientPort(), 'ruok')).toBe('imok');
  });

  it('does not share its data directory', async () => {
    const file = zooCfg();
    await new Corral('serve', file).clientPort();
    await expectOneLine(new Corral('serve', file), /^corral: another server is using .*data/);
  });

  describe('on a taken port', () => {
    let squatter: Server;
    let port: number;

    beforeEach(async () => {
      squatter = createServer().listen(0, '127.0.0.1');
      await once(squatter, 'listening');
      port = (squatter.address() as { port: number }).port;
    });

    afterEach(() => {
      squatter.close();
    });

    it.each(['clientPort', 'admin.enableServer=true\nadmin.serverPort'])('%s says so', async (key) => {
      await expectOneLine(new Corral('serve', zooCfg(`${key}=${port}`)), `corral: 127.0.0.1:${port} is taken`);
    });
  });

  it('says that the file does not exist', async () => {
    await expectOneLine(new Corral('serve', 'none.cfg'), 'corral: none.cfg: does not exist');
  });

  it('tells every problem of the file, a line each', async () => {
    const { code, stderr } = await new Corral('serve', zooCfg('tickTime=soon', 'skipACL=5')).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/zoo\.cfg:5: tickTime: "soon"; allowed: .*\n.*zoo\.cfg:6: skipACL: "5"; allowed: .*\n$/);
  });

  it('says that the data directory cannot be made', async () => {
    writeFileSync(join(directory, 'data'), 'a file');
    await expectOneLine(new Corral('serve', zooCfg()), /^corral: dataDir \S*\/data is not a directory\n$/);
  });
});

describe('corral inspect', () => {
  const apacheData = resolve(import.meta.dirname, '../../../libs/storage/testing/fixtures/apache-3.8');

  it('prints a log, of Apache too, and the part of it that was asked for', async () => {
    const whole = await new Corral('inspect', 'log', apacheData).ended;
    expect(whole.code).toBe(0);
    expect(whole.stdout).toMatch(/^0x3 {2}\S+ {2}0x\w+ {2}create {2}\/app {2}11 bytes$/m);
    const { stdout } = await new Corral('inspect', 'log', apacheData, '--after', '0x2', '--through', '4').ended;
    expect(stdout.split('\n').flatMap((line) => /^0x\w+/.exec(line)?.[0] ?? [])).toEqual(['0x3', '0x4']);
  });

  it('prints the tree, also while a server uses it', async () => {
    const server = new Corral('serve', zooCfg());
    await server.clientPort();
    const { code, stdout } = await new Corral('inspect', 'tree', 'data', '--path', '/zookeeper', '--limit', '1').ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# zxid 0x0, \d+ znodes.*\n\/zookeeper {2}/);
  });

  it.each(['log', 'tree'])('says that a file holds no %s', async (kind) => {
    await expectOneLine(new Corral('inspect', kind, zooCfg()), /^corral: .*zoo.cfg is not a directory\n$/);
  });

  it.each(['log', 'tree'])('says that there is no %s', async (kind) => {
    await expectOneLine(new Corral('inspect', kind, '.'), /^corral: there is no /);
  });
});

async function expectOneLine(corral: Corral, sentence: string | RegExp): Promise<void> {
  const { code, stderr } = await corral.ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(sentence);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
}
