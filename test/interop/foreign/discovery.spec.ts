/** Curator's ServiceDiscovery, the real library, and the registry: each sees what the other registers. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from '@corral/client';
import { Registry, type ServiceInstance } from '@corral/registry';
import type { ServerKind } from '../harness/index.js';
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';
import { ControlledServer } from './support/controlled-server.js';
import { Dialogue } from './support/dialogue.js';
import { compileJava, javaCommand } from './support/java.js';
import { needsCurator, needsJavaCompiler } from './support/tools.js';

const SERVICE = 'search';
const TIMEOUT_MS = 120_000;

/** `old`: Curator writes what its readers before version 4 can read. */
const WAYS = [
  ['corral', 'new'],
  ['corral', 'old'],
  ['apache', 'new'],
] as const satisfies readonly (readonly [ServerKind, string])[];

describeWith("Curator's service discovery", [needsApache, needsCorral, needsJavaCompiler, needsCurator], () => {
  let classes = '';
  const ends: (() => Promise<void>)[] = [];

  beforeAll(() => {
    classes = compileJava(['discovery']);
  }, TIMEOUT_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  }, TIMEOUT_MS);

  const meet = async (kind: ServerKind, serializer: string): Promise<{ java: Dialogue; registry: Registry }> => {
    const server = await ControlledServer.start(kind);
    const client = await Client.connect({ connect: server.address });
    const registry = new Registry(client);
    const java = new Dialogue(javaCommand(classes, 'DiscoveryProgram', [server.address, serializer], TIMEOUT_MS));
    ends.push(
      () => server.close(),
      () => client.close(),
      () => java.end(),
    );
    return { java, registry };
  };

  it.each(WAYS)(
    'sees on %s what is registered here, as it comes, changes and leaves (%s)',
    async (kind, serializer) => {
      const { java, registry } = await meet(kind, serializer);
      const first = await registry.register({
        service: SERVICE,
        id: 'ts-1',
        address: '10.0.0.1',
        port: 80,
        zone: 'eu',
      });
      await java.ask('watch', 'watching');
      await java.ask('names', 'names [search]');
      await java.ask('query', 'query [ts-1=10.0.0.1:80]');
      const second = await registry.register({
        service: SERVICE,
        id: 'ts-2',
        address: '10.0.0.2',
        port: 81,
        metadata: { team: 'shop' },
        check: { kind: 'tcp' },
      });
      await java.hear('cache [ts-1=10.0.0.1:80, ts-2=10.0.0.2:81]');
      await java.ask('provide', 'provided [ts-1, ts-2]');
      await second.update({ status: 'DRAINING' });
      await java.hear('cache [ts-1=10.0.0.1:80, ts-2=10.0.0.2:81(disabled)]');
      await java.ask('provide', 'provided [ts-1]');
      await second.leave();
      await java.hear('cache [ts-1=10.0.0.1:80]');
      await first.leave();
      await java.hear('cache []');
    },
    TIMEOUT_MS,
  );

  it.each(WAYS)(
    'is seen from here on %s, as its instances come and leave (%s)',
    async (kind, serializer) => {
      const { java, registry } = await meet(kind, serializer);
      const updates = registry.watch(SERVICE)[Symbol.asyncIterator]();
      const next = async () => (await updates.next()).value as unknown;
      expect(await next()).toMatchObject({ kind: 'full', instances: [] });
      await java.ask('register java-1 9001', 'registered java-1');
      const instance: Partial<ServiceInstance> = {
        service: SERVICE,
        id: 'java-1',
        address: '127.0.0.1',
        port: 9001,
        status: 'UP',
        weight: 1,
        metadata: {},
        serviceType: 'DYNAMIC',
        registeredAtMs: expect.any(Number) as unknown as number,
        uriSpec: {
          parts: [
            { value: 'scheme', variable: true },
            { value: '://', variable: false },
            { value: 'address', variable: true },
            { value: ':', variable: false },
            { value: 'port', variable: true },
          ],
        },
      };
      expect(await next()).toMatchObject({ kind: 'delta', added: [instance] });
      const pool = registry.pool(SERVICE, { strategy: 'round-robin' });
      await pool.ready();
      expect(pool.pick().instance.id).toBe('java-1');
      await java.ask('unregister java-1', 'unregistered java-1');
      expect(await next()).toMatchObject({ kind: 'delta', removed: ['java-1'] });
      await updates.return?.();
      pool.close();
    },
    TIMEOUT_MS,
  );
});
