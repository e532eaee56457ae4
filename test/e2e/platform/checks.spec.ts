/** What platforms find out by themselves, over real sockets: who is well, and who is alive after many have vanished. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@corral/client';
import { Registry } from '@corral/registry';
import { startCorral } from '../../interop/harness/index.js';
import { until } from '../until.js';
import { HttpApi } from './http-api.js';
import { ProbedServers } from './probed-servers.js';
import { Stage } from './stage.js';

const ADDRESS = '127.0.0.1';
/** Of instances that say nothing, and of those that vanished together. */
const SETTINGS = {
  CORRAL_PLATFORM_REGISTRY_CHECKS_INTERVAL_MS: '500',
  CORRAL_PLATFORM_REGISTRY_CHECKS_TIMEOUT_MS: '300',
  CORRAL_PLATFORM_REGISTRY_GUARD_INTERVAL_MS: '500',
  CORRAL_PLATFORM_REGISTRY_GUARD_TIMEOUT_MS: '500',
};
/** One good answer makes an instance passing, one bad one failing. */
const QUICK = { intervalMs: 500, timeoutMs: 250, rise: 1, fall: 1 };

interface Seen {
  readonly id: string;
  readonly health: string;
  readonly guarded?: boolean;
}

describe('what platforms find out', () => {
  const servers = new ProbedServers();
  let stage: Stage;
  let api: HttpApi;
  let other: HttpApi;
  let program: Client | undefined;

  beforeAll(async () => {
    stage = new Stage(await startCorral());
    [api, other] = (await Promise.all([stage.startPlatform(SETTINGS), stage.startPlatform(SETTINGS)])).map(
      ({ url }) => new HttpApi(url),
    ) as [HttpApi, HttpApi];
  }, 60_000);

  afterAll(async () => {
    servers.close();
    await program?.close();
    await stage?.stop();
  });

  const register = async (service: string, id: string, port: number, check: object): Promise<void> => {
    const body = { id, address: ADDRESS, port, ttlMs: 600_000, check: { ...QUICK, ...check } };
    expect(await api.send('POST', `/v1/registry/services/${service}/instances`, body)).toMatchObject({ status: 201 });
  };
  const instances = async (service: string): Promise<Seen[]> =>
    (await other.get(`/v1/registry/services/${service}/instances`)).body.instances as Seen[];
  const untilHealth = (service: string, expected: Readonly<Record<string, string>>): Promise<unknown> =>
    until(
      JSON.stringify(expected),
      async () => Object.fromEntries((await instances(service)).map(({ id, health }) => [id, health])),
      (seen) => Object.entries(expected).every(([id, health]) => seen[id] === health),
    );

  /** What platforms write down beside the verdict. */
  const reasonOf = async (service: string, id: string): Promise<unknown> => {
    const { data } = await stage.client.get(`/corral/registry/notes/${service}/health/${id}`);
    return (JSON.parse(data.toString()) as { reason: unknown }).reason;
  };

  it('tells who is well by HTTP, TCP and gRPC, and consumers call no one else', async () => {
    const turning = await servers.http(200);
    const silent = await servers.http('silent');
    const grpc = await servers.grpc('SERVING');
    const refused = await servers.refused();
    const tcp = await servers.tcp();
    await Promise.all([
      register('checked', 'http-ok', turning.port, { kind: 'http', path: '/health' }),
      register('checked', 'http-503', (await servers.http(503)).port, { kind: 'http' }),
      register('checked', 'http-silent', silent.port, { kind: 'http' }),
      register('checked', 'http-refused', refused, { kind: 'http' }),
      register('checked', 'tcp-ok', tcp, { kind: 'tcp' }),
      register('checked', 'tcp-refused', refused, { kind: 'tcp' }),
      register('checked', 'grpc-serving', grpc.port, { kind: 'grpc', serviceName: 'shop' }),
      register('checked', 'grpc-not', (await servers.grpc('NOT_SERVING')).port, { kind: 'grpc' }),
      register('checked', 'grpc-silent', tcp, { kind: 'grpc' }),
      register('checked', 'grpc-refused', refused, { kind: 'grpc' }),
    ]);
    const good = { 'http-ok': 'passing', 'tcp-ok': 'passing', 'grpc-serving': 'passing' };
    const bad = ['http-503', 'http-silent', 'http-refused', 'tcp-refused', 'grpc-not', 'grpc-silent', 'grpc-refused'];
    await untilHealth('checked', { ...good, ...Object.fromEntries(bad.map((id) => [id, 'failing'])) });
    const registry = new Registry(stage.client);
    const pool = registry.pool('checked', { strategy: 'round-robin' });
    await pool.ready();
    const picked = new Set(Array.from({ length: 12 }, () => pool.pick().instance.id));
    expect([...picked].sort()).toEqual(Object.keys(good).sort());
    const { body } = await other.get('/v1/registry/services/checked/instances?healthy=true');
    expect((body.instances as Seen[]).map(({ id }) => id).sort()).toEqual(Object.keys(good).sort());

    turning.behaves(500);
    silent.behaves(204);
    grpc.says('NOT_SERVING');
    await untilHealth('checked', { 'http-ok': 'failing', 'http-silent': 'passing', 'grpc-serving': 'failing' });
    await registry.close();
  });

  it('says why an instance fails, where platforms write it down', async () => {
    await register('reasons', 'silent', (await servers.http('silent')).port, { kind: 'http' });
    await untilHealth('reasons', { silent: 'failing' });
    expect(await reasonOf('reasons', 'silent')).toBe('no answer within 250 ms');
  });

  it('checks an instance that does not say how as the settings do', async () => {
    const check = { kind: 'http', fall: 1 };
    const body = { id: 'plain', address: ADDRESS, port: (await servers.http('silent')).port, ttlMs: 600_000, check };
    await api.send('POST', '/v1/registry/services/plain/instances', body);
    await untilHealth('plain', { plain: 'failing' });
    expect(await reasonOf('plain', 'plain')).toBe('no answer within 300 ms');
  });

  it('keeps those that vanished together, and lets go whom no platform reaches', async () => {
    program = await Client.connect({ connect: stage.connect });
    const registry = new Registry(program);
    const alive = [await servers.tcp(), (await servers.http(200)).port];
    const dead = [await servers.refused(), await servers.refused()];
    for (const [i, port] of [...alive, ...dead].entries()) {
      await registry.register({ service: 'lost', id: `${i}`, address: ADDRESS, port });
    }
    await until(
      'all are seen',
      () => instances('lost'),
      (seen) => seen.length === 4,
    );
    const watch = await other.events('/v1/registry/services/lost/watch');
    // A session that ends without a word: the instances did not say that they leave.
    await program.close();
    expect(
      await until(
        'they are kept',
        () => watch.next(),
        (event) => event?.data.guarded === true,
      ),
    ).toBeDefined();
    const left = await until(
      'the dead are gone',
      () => instances('lost'),
      (seen) => seen.length <= 2,
    );
    expect(left.map(({ id, guarded }) => [id, guarded]).sort()).toEqual([
      ['0', true],
      ['1', true],
    ]);
    watch.close();
  });
});
