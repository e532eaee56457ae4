/** A platform's life: inside `corral serve`, while the ensemble is away, at its end. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCorral } from '../../interop/harness/index.js';
import { until } from '../until.js';
import { HttpApi } from './http-api.js';
import { ANY_PORTS, PlatformProcess } from './platform-process.js';
import { Stage } from './stage.js';

const APP = '/v1/config/namespaces/shop/applications/app';
const publish = (api: HttpApi, content: string) =>
  api.send('POST', `${APP}/releases`, { changes: [{ name: 'a', format: 'yaml', content }] });

describe("a platform's life", () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });

  async function openStage(): Promise<Stage> {
    const stage = new Stage(await startCorral());
    cleanups.push(() => stage.stop());
    return stage;
  }

  it('runs beside the coordinator when corral.yaml says so, and ends with it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'corral-embedded-'));
    writeFileSync(
      join(directory, 'corral.yaml'),
      'clients: { port: 0 }\nadmin: { port: 0 }\nplatform: { enabled: true, http: { port: 0 }, grpc: { port: 0 } }\n',
    );
    const served = await PlatformProcess.start({ commandLine: ['serve', 'corral.yaml'], directory });
    cleanups.push(() => served.stop('SIGKILL'));
    const api = new HttpApi(served.url);
    await until(
      'it is ready',
      () => api.get('/health/ready'),
      ({ status }) => status === 200,
    );
    expect((await publish(api, 'x: 1')).status).toBe(201);
    // Clients are served before anything of the platform is loaded.
    expect(served.output.indexOf('serving ZooKeeper clients')).toBeLessThan(served.output.indexOf('platform at'));
    expect(await served.stop()).toBe(0);
  });

  it('leaves a coordinator with a zoo.cfg alone', async () => {
    const stage = await openStage();
    const server = await startCorral();
    cleanups.push(() => server.stop());
    expect(server.log()).not.toContain('platform');
    expect(stage.connect).not.toBe(`127.0.0.1:${server.clientPort}`);
  });

  it('starts without the ensemble, and serves once that is there', async () => {
    const server = await startCorral();
    const { clientPort, directory } = server;
    await server.stop();
    const platform = await PlatformProcess.start({
      commandLine: ['platform', '--connect', `127.0.0.1:${clientPort}`],
      environment: ANY_PORTS,
    });
    cleanups.push(() => platform.stop('SIGKILL'));
    const api = new HttpApi(platform.url);
    expect(await api.get('/health/ready')).toMatchObject({
      status: 503,
      body: { type: 'urn:corral:problem:ensemble-away' },
    });
    const back = await startCorral({ clientPort, directory });
    cleanups.push(() => back.stop());
    await until(
      'it is ready',
      () => api.get('/health/ready'),
      ({ status }) => status === 200,
    );
  });

  it('serves what was last known while the ensemble is away, says so, and goes on by itself', async () => {
    const stage = await openStage();
    const platform = await stage.startPlatform();
    const api = new HttpApi(platform.url);
    await publish(api, 'x: 1');
    expect((await api.get(`${APP}/effective`)).headers.get('X-Corral-Stale')).toBeNull();
    const events = await api.events(`${APP}/watch`);
    await events.next();
    await stage.killEnsemble();
    const stale = await until(
      'it says that it is stale',
      () => api.get(`${APP}/effective`),
      ({ headers }) => headers.get('X-Corral-Stale') === 'true',
    );
    expect(stale).toMatchObject({ status: 200, body: { values: { x: 1 } } });
    expect((await api.get('/health/ready')).status).toBe(503);
    expect((await publish(api, 'x: 2')).status).toBe(503);
    await stage.restartEnsemble();
    await until(
      'it is ready',
      () => api.get('/health/ready'),
      ({ status }) => status === 200,
    );
    const { body } = await until(
      'a write goes through',
      () => publish(api, 'x: 3'),
      ({ status }) => status === 201,
    );
    expect(body.release.release).toBeGreaterThan(1);
    // The same stream, all along.
    await until(
      'the stream has the new value',
      () => events.next(),
      (event) => event?.data.values.x === 3,
    );
    events.close();
  });

  it('ends streams and requests properly when it is asked to stop', async () => {
    const stage = await openStage();
    const platform = await stage.startPlatform();
    const api = new HttpApi(platform.url);
    await publish(api, 'x: 1');
    const events = await api.events(`${APP}/watch`);
    await events.next();
    const code = platform.stop();
    expect(await events.next()).toBeUndefined();
    expect(await code).toBe(0);
  });
});
