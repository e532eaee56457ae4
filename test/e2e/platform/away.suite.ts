/** An ensemble that is away for a minute, and sessions that all expire: nobody forgets anything, and everything resumes by itself. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@corral/client';
import { ConfigSubscription } from '@corral/live-config';
import { type InstancePool, type Registration, Registry } from '@corral/registry';
import { until } from '../until.js';
import { GrpcApi } from './grpc-client.js';
import { HttpApi } from './http-api.js';
import type { PlatformProcess } from './platform-process.js';
import type { Stage } from './stage.js';
import { WatchLogs } from './watch-logs.js';

/** Time is what this is about. On a developer's machine a part of the minute is enough: it is several times the session timeout, too. */
const AWAY_MS = Number(process.env['CORRAL_AWAY_MS'] ?? (process.env['CI'] === undefined ? 15_000 : 60_000));
const SESSION_TIMEOUT_MS = 4_000;
/** So long that every session has expired when the ensemble looks at the time again. */
const PAUSE_MS = 2 * SESSION_TIMEOUT_MS;
const TEST_MS_MAX = AWAY_MS + 120_000;

const SERVICE = '/v1/registry/services/shop';
const APP = '/v1/config/namespaces/shop/applications/web';
const PROGRAMS = ['a', 'b', 'c', 'd'];
const LEASED = 'leased';

/** Declares the suite. The tests build on each other. */
export function describeAway(openStage: () => Promise<Stage>): void {
  describe('an ensemble that is away', () => {
    const logs = new WatchLogs();
    const clients: Client[] = [];
    const registrations: Registration[] = [];
    const heartbeats = { statuses: new Set<number>(), aborter: new AbortController() };
    let stage: Stage;
    let subscription: ConfigSubscription;
    let pool: InstancePool;
    let apis: HttpApi[];
    let grpcs: GrpcApi[];

    beforeAll(async () => {
      stage = await openStage();
      const quick = { CORRAL_PLATFORM_SESSION_TIMEOUT_MS: `${SESSION_TIMEOUT_MS}` };
      const platforms = await Promise.all([stage.startPlatform(quick), stage.startPlatform(quick)]);
      apis = platforms.map(({ url }) => new HttpApi(url));
      await publish(1);
      for (const id of PROGRAMS) await register(id);
      const lease = { id: LEASED, address: '10.0.0.9', port: 80, ttlMs: 8_000 };
      expect(await apis[0]?.send('POST', `${SERVICE}/instances`, lease)).toMatchObject({ status: 201 });
      void sendHeartbeats();

      const consumer = connect();
      const registry = new Registry(consumer);
      subscription = new ConfigSubscription(consumer, { target: { namespace: 'shop', application: 'web' } });
      pool = registry.pool('shop', { strategy: 'round-robin' });
      logs.library(registry, subscription);
      grpcs = platforms.flatMap((platform, i) => watchAt(platform, `platform ${i + 1}`));
      await untilAllSee([...PROGRAMS, LEASED], 1);
    }, 90_000);

    afterAll(async () => {
      heartbeats.aborter.abort();
      await logs.close();
      for (const grpc of grpcs ?? []) grpc.close();
      await subscription?.close();
      await stage?.stop();
      await Promise.all(clients.map((client) => client.close()));
    }, 60_000);

    function connect(): Client {
      const client = new Client({ connect: stage.connect, sessionTimeoutMs: SESSION_TIMEOUT_MS });
      clients.push(client);
      return client;
    }

    function watchAt(platform: PlatformProcess, name: string): GrpcApi[] {
      const grpc = (part: string, service: string): GrpcApi =>
        new GrpcApi(platform.grpcAddress, `corral/${part}/v1/${part}.proto`, `corral.${part}.v1.${service}`);
      const [registry, config] = [grpc('registry', 'Registry'), grpc('config', 'Config')];
      logs.events(name, new HttpApi(platform.url));
      logs.grpc(name, registry, config);
      logs.longPolls(name, new HttpApi(platform.url));
      return [registry, config];
    }

    /** A program of its own: each has its session. */
    async function register(id: string): Promise<void> {
      const registry = new Registry(connect());
      registrations.push(await registry.register({ service: 'shop', id, address: '10.0.0.7', port: 80 }));
    }

    /** A service in another language that goes on renewing its lease, at one platform and the other, whatever it is told. */
    async function sendHeartbeats(): Promise<void> {
      const { aborter, statuses } = heartbeats;
      for (let i = 0; !aborter.signal.aborted; i += 1) {
        const answer = await apis[i % apis.length]
          ?.send('PUT', `${SERVICE}/instances/${LEASED}/heartbeat`)
          .catch(() => undefined);
        if (answer !== undefined) statuses.add(answer.status);
        await delay(1_000);
      }
    }

    const publish = async (x: number): Promise<void> => {
      const changes = [{ name: 'a', format: 'yaml', content: `x: ${x}` }];
      await until(
        `${x} is released`,
        async () => apis[x % 2]?.send('POST', `${APP}/releases`, { changes }),
        (answer) => answer?.status === 201,
      );
    };

    const untilAllSee = (ids: readonly string[], x: number): Promise<unknown> =>
      until(
        `all watchers see ${ids.join()} and ${x}`,
        async () => logs.all.map((log) => [log.name, [...log.ids].sort(), log.values.at(-1), log.end]),
        (seen) =>
          seen.every(([, known, value]) => JSON.stringify(known) === JSON.stringify([...ids].sort()) && value === x),
      );

    /** What the platforms say of the service and of the application, and whether they call it stale. */
    const served = async (): Promise<unknown[]> => {
      const answers = await Promise.all(
        apis.flatMap((api) => [api.get(`${SERVICE}/instances`), api.get(`${APP}/effective`)]),
      );
      return answers.map(({ status, headers, body }) => [
        status,
        headers.get('X-Corral-Stale') === 'true',
        (body.instances as { id: string }[] | undefined)?.map(({ id }) => id).sort() ?? (body.values as unknown),
      ]);
    };
    const expectedOf = (isStale: boolean, ids: readonly string[], x: number): unknown[] =>
      apis.flatMap(() => [
        [200, isStale, [...ids].sort()],
        [200, isStale, { x }],
      ]);
    const untilServed = (isStale: boolean, ids: readonly string[], x: number): Promise<unknown> =>
      until(isStale ? 'all say stale' : 'nobody says stale', served, (seen) => {
        const isSame = JSON.stringify(seen) === JSON.stringify(expectedOf(isStale, ids, x));
        return isSame && pool.isStale === isStale && subscription.isStale === isStale;
      });

    /** Nobody was shown that more than half are gone, no watch has ended, and all instances belong to sessions that live. */
    async function expectAllBack(ids: readonly string[]): Promise<void> {
      await until(
        'all are registered',
        async () => Promise.all(ids.map((id) => stage.client.exists(`/services/shop/${id}`))),
        (stats) => stats.every((stat) => stat !== undefined),
      );
      await until(
        'each program knows that it is registered',
        async () => registrations.map(({ isRegistered }) => isRegistered),
        (known) => known.every(Boolean),
      );
      expect(logs.all.filter(({ end }) => end !== undefined).map(({ name, end }) => [name, end])).toEqual([]);
      // The guard is against the loss of more than half; fewer may be seen to go and come.
      const few = logs.all.filter(({ fewest }) => fewest * 2 < ids.length);
      expect(few.map(({ name, fewest }) => [name, fewest])).toEqual([]);
      // The one with a lease never had to register again.
      expect([...heartbeats.statuses]).not.toContain(404);
    }

    it(
      `is missed by nobody for ${AWAY_MS / 1000} s: all go on with what they know, say so, and resume by themselves`,
      async () => {
        const ids = [...PROGRAMS, LEASED];
        await untilServed(false, ids, 1);
        await stage.killEnsemble();
        await untilServed(true, ids, 1);
        await delay(AWAY_MS);
        expect(await served()).toEqual(expectedOf(true, ids, 1));
        expect([pool.isStale, subscription.isStale, subscription.get('x')]).toEqual([true, true, 1]);
        expect(pool.instances.map(({ id }) => id).sort()).toEqual([...ids].sort());
        expect(ids).toContain(pool.pick().instance.id);

        await stage.restartEnsemble();
        await untilServed(false, ids, 1);
        await expectAllBack(ids);
        await publish(2);
        await register('e');
        await untilAllSee([...ids, 'e'], 2);
        expect(logs.all.map(({ values }) => values)).toEqual(logs.all.map(() => [1, 2]));
      },
      TEST_MS_MAX,
    );

    it(
      'may even have let all sessions expire: all instances come again, and nobody is shown that most were gone',
      async () => {
        const ids = [...PROGRAMS, LEASED, 'e'];
        const owners = async (): Promise<unknown[]> =>
          Promise.all(ids.map(async (id) => (await stage.client.exists(`/services/shop/${id}`))?.ephemeralOwner));
        const before = await owners();
        stage.pauseEnsemble();
        await delay(PAUSE_MS);
        stage.resumeEnsemble();
        await until('each belongs to a new session', owners, (now) =>
          now.every((owner, i) => owner !== undefined && owner !== before[i]),
        );
        await untilServed(false, ids, 2);
        await expectAllBack(ids);
        await publish(3);
        await register('f');
        await untilAllSee([...ids, 'f'], 3);
      },
      TEST_MS_MAX,
    );
  });
}
