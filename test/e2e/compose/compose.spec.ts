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
import { environmentOnLoopback, readComposeServices, writeConfiguration } from './compose-file.js';

const LISTENED = { coordinator: ['2181', '2888', '3888', '8180'], platform: ['8181', '8182'] };
const TOKEN = 'a-token-of-the-test';
const APP = '/v1/config/namespaces/shop/applications/pricing';

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

  it('comes up: what one platform publishes the other shows', async () => {
    const ready = async (name: string): Promise<unknown> =>
      until(
        `${name} is ready: ${output}`,
        () => api(name).get('/health/ready'),
        ({ status }) => status === 200,
        50_000,
      );
    await Promise.all([ready('platform-1'), ready('platform-2')]);
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
    const storefront = new HttpApi(`http://127.0.0.1:${body.instances[0].port}`);
    await until(
      `catalog and pricing serve the storefront: ${output}`,
      () => storefront.get('/products'),
      ({ status, body: page }) => status === 200 && page.pricing?.discountPercent === 10,
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
});
