/** The `corral` command against a coordinator, both as processes: what a person sees. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type RunningServer, startCorral } from '../interop/harness/index.js';
import { repositoryRoot } from '../interop/harness/repository.js';

const MAIN_FILE = join(repositoryRoot(), 'apps/cli/dist/main.js');

let server: RunningServer;

beforeAll(async () => {
  server = await startCorral();
});

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await server.stop();
});

const running = new Set<ChildProcess>();

function start(...args: string[]): ChildProcess {
  const { NODE_OPTIONS: _testRunners, ...env } = process.env;
  const child = spawn(process.execPath, [MAIN_FILE, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

/** Runs a command to its end. */
async function run(args: readonly string[], input = ''): Promise<{ code: number; out: string; err: string }> {
  const child = start(...args);
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin?.end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

/** A command that has to succeed; gives what it printed. */
async function corral(...args: string[]): Promise<string> {
  const { code, out, err } = await run([...args, '--server', `127.0.0.1:${server.clientPort}`]);
  expect([code, err]).toEqual([0, '']);
  return out;
}

describe('the corral command', () => {
  it('creates, prints, changes, lists and deletes', async () => {
    expect(await corral('create', '/shop/price', '10', '--parents')).toBe('/shop/price\n');
    expect(await corral('get', '/shop/price')).toBe('10\n');
    expect(await corral('set', '/shop/price', '12', '--version', '0')).toBe('');
    expect(await corral('get', '/shop/price', '--raw')).toBe('12');
    expect(await corral('ls', '/shop')).toBe('price\n');
    expect(await corral('stat', '/shop/price')).toMatch(/^version: +1$/m);
    expect(await corral('ls', '-r')).toContain('/shop/price\n');
    await corral('delete', '/shop', '--recursive');
    expect(await corral('ls')).toBe('zookeeper\n');
  });

  it('makes numbers, containers and znodes with a time to live', async () => {
    expect(await corral('create', '/n-', '--sequential')).toMatch(/^\/n-\d{10}\n$/);
    await corral('create', '/c', '--container');
    await corral('create', '/t', '--ttl', '60000');
    expect(await corral('ls')).toMatch(/^c\n.*\nt\n/s);
  });

  it('says how a znode comes to be whose parent is not there', async () => {
    const { code, err } = await run(['create', '/no/parent', '--server', `127.0.0.1:${server.clientPort}`]);
    expect([code, err]).toEqual([1, 'corral: create /no/parent: its parent does not exist (--parents creates it)\n']);
  });

  it('takes data from standard input', async () => {
    const at = ['--server', `127.0.0.1:${server.clientPort}/`];
    await run(['create', '/in', '-', ...at], 'from a pipe');
    expect(await corral('get', '/in')).toBe('from a pipe\n');
  });

  it('watches a znode until it is told to stop', async () => {
    const child = start('watch', '/watched', '--server', `127.0.0.1:${server.clientPort}`);
    let out = '';
    child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const says = async (text: string): Promise<void> => {
      while (!out.includes(text)) await once(child.stdout!, 'data');
    };
    await says('does not exist\n');
    await corral('create', '/watched', 'one');
    await says('version 0: one\n');
    await corral('set', '/watched', 'two');
    await says('version 1: two\n');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it.each([
    [['get', '/none'], 1, 'corral: get /none: no such znode\n'],
    [['create', '/zookeeper', 'x'], 1, 'corral: create /zookeeper: the znode exists already\n'],
    [['get', 'none'], 2, 'corral: "none" is not a path: path must start with /\n'],
    [['get'], 2, 'corral: say which znode: corral get /path\n'],
    [['set', '/a', 'x', '--version', 'two'], 2, 'corral: --version takes a number, not "two"\n'],
    [['create', '/a', '--container', '--sequential'], 2, 'corral: --container goes with neither'],
    [['ls', '--auth', 'nonsense'], 2, 'corral: --auth takes a scheme and its data'],
  ])('says what is wrong with %j', async (args, code, sentence) => {
    const ended = await run([...args, '--server', `127.0.0.1:${server.clientPort}`]);
    expect([ended.code, ended.out]).toEqual([code, '']);
    expect(ended.err).toContain(sentence);
    expect(ended.err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('says that no server answers', async () => {
    const { code, err } = await run(['ls', '--server', '127.0.0.1:1']);
    expect([code, err]).toEqual([1, 'corral: no server answers at 127.0.0.1:1; is one running? (corral serve)\n']);
  });
});
