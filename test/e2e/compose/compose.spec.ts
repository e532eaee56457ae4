/** What docker-compose.yml describes, as processes: the same commands, the same configuration, on the ports of this machine. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { returnPorts, takeFreePorts } from '../../interop/harness/index.js';
import { repositoryRoot } from '../../interop/harness/repository.js';
import { HttpApi } from '../platform/http-api.js';
import { until } from '../until.js';
import {
  environmentOnLoopback,
  healthCommand,
  imageHealthCommand,
  portOf,
  readComposeServices,
  writeConfiguration,
} from './compose-file.js';

const LISTENED = { coordinator: ['2181', '2888', '3888', '8180'], platform: ['8181', '8182'] };
const TOKEN = 'a-token-of-the-test';
const APP = '/v1/config/namespaces/shop/applications/pricing';

/** What the storefront answers, as far as it matters here. */
interface Page {
  readonly pricing?: { readonly discountPercent?: number };
}

describe('docker-compose.yml', () => {
  const services = readComposeServices();
  const names = [...services.keys()].filter((name) => /^(coordinator|platform)-/.test(name));
  const directory = mkdtempSync(join(tmpdir(), 'corral-compose-'));
  const ports = new Map<string, number>();
  const children = new Map<string, ChildProcess>();
  let output = '';

  function start(name: string): void {
    const { command = [], environment } = services.get(name) ?? {};
    const commandLine = command
      .slice(1)
      .map((word) => (word.startsWith('config/') ? writeConfiguration(name, word, ports, directory) : word));
    const { NODE_OPTIONS: _ignored, ...inherited } = process.env;
    const child = spawn(process.execPath, commandLine, {
      cwd: repositoryRoot(),
      env: { ...inherited, ...environmentOnLoopback(environment, ports), ...ownEnvironment(name) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (output += String(text)));
    children.set(name, child);
  }

  /** What this machine wants otherwise: the test's tokens, and ports that nobody has yet. */
  function ownEnvironment(name: string): Readonly<Record<string, string>> {
    if (name.startsWith('platform')) return { CORRAL_PLATFORM_AUTH_TOKEN_FILE: join(directory, 'tokens.yaml') };
    return name === 'demo' ? { DEMO_PORT: '0' } : {};
  }

  /** Runs the health check of a service as its container would; its exit code, and what it says. */
  async function health(name: string, own?: (port: string) => number): Promise<{ code: number | null; text: string }> {
    const service = services.get(name);
    if (service === undefined) throw new Error(`there is no service ${name}`);
    const commandLine = healthCommand(service, own ?? ((port) => portOf(ports, name, port)));
    const { NODE_OPTIONS: _ignored, ...env } = process.env;
    const child = spawn(process.execPath, commandLine, { cwd: repositoryRoot(), env, stdio: ['ignore', 'pipe', 2] });
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => (text += String(chunk)));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, text };
  }

  const untilHealthy = (name: string, own?: (port: string) => number) =>
    until(
      `${name} is healthy: ${output}`,
      () => health(name, own),
      ({ code }) => code === 0,
      50_000,
    );

  async function kill(name: string): Promise<void> {
    const child = children.get(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  }

  const api = (name: string): HttpApi => new HttpApi(`http://127.0.0.1:${ports.get(`${name}:8181`)}`, TOKEN);
  const publish = (name: string, percent: number) =>
    api(name).send('POST', `${APP}/releases`, {
      changes: [{ name: 'discount', format: 'yaml', content: `discount: { percent: ${percent} }` }],
    });

  beforeAll(async () => {
    for (const name of names) {
      const listened = LISTENED[name.startsWith('coordinator') ? 'coordinator' : 'platform'];
      const taken = await takeFreePorts({ first: 24_000, last: 24_999 }, listened.length);
      listened.forEach((port, i) => ports.set(`${name}:${port}`, taken[i] ?? 0));
    }
    const sha256 = createHash('sha256').update(TOKEN).digest('hex');
    writeFileSync(
      join(directory, 'tokens.yaml'),
      `tokens:\n  - { name: test, sha256: ${sha256}, grants: [{ role: admin, namespace: "*", services: "*" }] }\n`,
    );
    for (const name of names) start(name);
  });

  afterAll(async () => {
    await Promise.all([...children.keys()].map(kill));
    returnPorts([...ports.values()]);
  });

  it('describes three coordinators, two platforms and the demo', () => {
    expect([...services.keys()].sort()).toEqual([
      'coordinator-1',
      'coordinator-2',
      'coordinator-3',
      'demo',
      'platform-1',
      'platform-2',
    ]);
  });

  it('has a health check for each, and the image one for the command that it has', () => {
    expect([...services.values()].map(({ healthcheck }) => healthcheck.test.slice(0, 4).join(' '))).toEqual(
      Array(6).fill('CMD node apps/cli/dist/main.js health'),
    );
    expect(imageHealthCommand()).toEqual(['node', 'apps/cli/dist/main.js', 'health']);
    const waitedFor = services.get('demo')?.depends_on ?? {};
    expect(Object.keys(waitedFor)).toEqual(['coordinator-1', 'coordinator-2', 'coordinator-3']);
  });

  it('comes up healthy: what one platform publishes the other shows', async () => {
    await Promise.all(names.map((name) => untilHealthy(name)));
    expect((await publish('platform-1', 10)).status).toBe(201);
    expect((await api('platform-2').get(`${APP}/effective`)).body.values).toEqual({ discount: { percent: 10 } });
  });

  it('has the demo among its services, which sells at the published discount', async () => {
    start('demo');
    const { body } = await until(
      `the storefront is registered: ${output}`,
      () => api('platform-2').get('/v1/registry/services/storefront/instances'),
      (answer) => answer.body.instances?.length === 1,
      50_000,
    );
    const { port } = body.instances[0] as { port: number };
    await untilHealthy('demo', () => port);
    await until(
      `catalog and pricing serve the storefront: ${output}`,
      async () => (await (await fetch(`http://127.0.0.1:${port}/products`)).json()) as Page,
      ({ pricing }) => pricing?.discountPercent === 10,
      50_000,
    );
  });

  it('goes on without any one of its coordinators', async () => {
    await kill('coordinator-2');
    await until(
      'a write goes through',
      () => publish('platform-2', 20),
      ({ status }) => status === 201,
      50_000,
    );
    const shown = await until(
      'both platforms agree',
      () => api('platform-1').get(`${APP}/effective`),
      ({ body }) => body.values.discount.percent === 20,
    );
    expect(shown.status).toBe(200);
  });

  it('is told to be ill where it is: a coordinator without a quorum, one that is gone, a platform without both', async () => {
    await kill('coordinator-3');
    const ill = (name: string, why: RegExp) =>
      until(
        `${name} is ill`,
        () => health(name),
        ({ code, text }) => code === 1 && why.test(text),
        50_000,
      );
    await Promise.all([
      ill('coordinator-1', /not ready: the member is/),
      ill('coordinator-2', /silent \(ECONNREFUSED\)/),
      ill('platform-1', /not ready: the ensemble is not reached/),
    ]);
  });
});
