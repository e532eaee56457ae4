/** The registry over HTTP and gRPC: the same assertions whoever serves the ensemble. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from '@corral/registry';
import { until } from '../until.js';
import { GrpcApi, problemIn } from './grpc-client.js';
import { HttpApi } from './http-api.js';
import type { PlatformProcess } from './platform-process.js';
import type { Stage } from './stage.js';

const SERVICES = '/v1/registry/services';

/** Declares the suite. */
export function describeRegistryApi(openStage: () => Promise<Stage>): void {
  describe('the registry through platforms', () => {
    let stage: Stage;
    let registry: Registry;
    let platform: PlatformProcess;
    let api: HttpApi;
    let other: HttpApi;
    let grpc: GrpcApi;

    beforeAll(async () => {
      stage = await openStage();
      registry = new Registry(stage.client);
      const quick = { CORRAL_PLATFORM_SESSION_TIMEOUT_MS: '4000' };
      const platforms = await Promise.all([stage.startPlatform(quick), stage.startPlatform(quick)]);
      [platform] = platforms;
      [api, other] = [new HttpApi(platforms[0].url), new HttpApi(platforms[1].url)];
      grpc = new GrpcApi(platforms[1].grpcAddress, 'corral/registry/v1/registry.proto', 'corral.registry.v1.Registry');
    }, 60_000);

    afterAll(async () => {
      grpc?.close();
      await registry?.close();
      await stage?.stop();
    });

    const register = (service: string, id: string, more: object = {}) =>
      api.send('POST', `${SERVICES}/${service}/instances`, {
        id,
        address: '10.0.0.7',
        port: 8080,
        ttlMs: 20_000,
        ...more,
      });
    const ids = async (from: HttpApi, service: string, query = ''): Promise<unknown> => {
      const { body } = await from.get(`${SERVICES}/${service}/instances${query}`);
      return (body.instances as { id: string }[]).map(({ id }) => id).sort();
    };
    const untilIds = (from: HttpApi, service: string, expected: readonly string[]) =>
      until(
        `${service} has ${expected.join()}`,
        () => ids(from, service),
        (seen) => JSON.stringify(seen) === JSON.stringify(expected),
      );

    it('registers, and shows the same to everybody: other platforms, gRPC, and programs with a session', async () => {
      const registered = await register('shop-web', 'a', { zone: 'eu', version: '1.0', metadata: { team: 'shop' } });
      expect(registered).toMatchObject({
        status: 201,
        body: { instance: { id: 'a', zone: 'eu', metadata: { team: 'shop' } }, lease: { ttlMs: 20_000 } },
      });
      await untilIds(other, 'shop-web', ['a']);
      const listed = await grpc.call('List', { service: 'shop-web' });
      expect(listed.instances).toMatchObject([{ id: 'a', address: '10.0.0.7', port: 8080, zone: 'eu', status: 'UP' }]);
      expect(await registry.instances('shop-web')).toMatchObject([{ id: 'a', version: '1.0' }]);
      expect((await api.get(SERVICES)).body.services).toContain('shop-web');
    });

    it('shows what programs with a session register', async () => {
      const registration = await registry.register({ service: 'native', id: 'n1', address: '10.0.0.8', port: 1 });
      await untilIds(api, 'native', ['n1']);
      expect((await api.send('DELETE', `${SERVICES}/native/instances/n1`)).status).toBe(409);
      await registration.leave();
      await untilIds(api, 'native', []);
    });

    it('filters by status, zone, version and health', async () => {
      await register('filtered', 'a', { zone: 'eu', version: '1' });
      await register('filtered', 'b', { zone: 'us', version: '2', status: 'DOWN' });
      await untilIds(api, 'filtered', ['a', 'b']);
      expect(await ids(api, 'filtered', '?zone=eu')).toEqual(['a']);
      expect(await ids(api, 'filtered', '?version=2')).toEqual(['b']);
      expect(await ids(api, 'filtered', '?status=DOWN')).toEqual(['b']);
      expect(await ids(api, 'filtered', '?healthy=true')).toEqual(['a']);
      expect(await ids(api, 'filtered', '?zone=eu&healthy=false')).toEqual([]);
    });

    it('changes an instance in place, and leaves alone what is not named', async () => {
      await register('changed', 'a', { zone: 'eu', metadata: { k: 'v' } });
      const patched = await api.send('PATCH', `${SERVICES}/changed/instances/a`, { weight: 5 });
      expect(patched).toMatchObject({
        status: 200,
        body: { instance: { weight: 5, zone: 'eu', port: 8080, metadata: { k: 'v' } } },
      });
      await until(
        'it is seen',
        () => other.get(`${SERVICES}/changed/instances/a`),
        ({ body }) => body.weight === 5,
      );
    });

    it('keeps an instance while heartbeats come to any platform, and drops it when none come', async () => {
      await register('kept', 'a', { ttlMs: 1_000 });
      await untilIds(other, 'kept', ['a']);
      expect((await other.send('PUT', `${SERVICES}/kept/instances/a/heartbeat`)).body.lease.ttlMs).toBe(1_000);
      await untilIds(other, 'kept', []);
      expect((await api.send('PUT', `${SERVICES}/kept/instances/a/heartbeat`)).status).toBe(404);
    });

    it('drains before it leaves, and leaves at once when asked to', async () => {
      await register('leaving', 'a');
      await register('leaving', 'b');
      await untilIds(api, 'leaving', ['a', 'b']);
      expect((await api.send('DELETE', `${SERVICES}/leaving/instances/b`)).status).toBe(204);
      await untilIds(other, 'leaving', ['a']);
      const drained = await api.send('POST', `${SERVICES}/leaving/instances/a/drain`, { graceMs: 100 });
      expect(drained.body.instance.status).toBe('DRAINING');
      await untilIds(other, 'leaving', []);
    });

    it('tells watchers what comes and goes, and lets them resume', async () => {
      await register('watched', 'a');
      await untilIds(other, 'watched', ['a']);
      const events = await other.events(`${SERVICES}/watched/watch`);
      expect(await events.next()).toMatchObject({ event: 'full', data: { instances: [{ id: 'a' }] } });
      await register('watched', 'b');
      const delta = await events.next();
      expect(delta).toMatchObject({ event: 'delta', data: { added: [{ id: 'b' }], removed: [] } });
      events.close();
      await api.send('DELETE', `${SERVICES}/watched/instances/a`);
      await untilIds(other, 'watched', ['b']);
      const resumed = await other.events(`${SERVICES}/watched/watch`, { 'Last-Event-ID': delta?.id ?? '' });
      expect(await resumed.next()).toMatchObject({ event: 'delta', data: { removed: ['a'] } });
      resumed.close();
    });

    it('answers a long poll when an instance comes', async () => {
      const empty = await api.get(`${SERVICES}/polled/instances`);
      const index = empty.headers.get('X-Corral-Index') ?? '';
      const poll = api.get(`${SERVICES}/polled/instances?index=${index}&wait=30s`);
      await register('polled', 'a');
      expect((await poll).body.instances).toHaveLength(1);
    });

    it('takes an open gRPC stream for a lease', async () => {
      const instance = { service: 'streamed', id: 's1', address: '10.0.0.9', port: 9 };
      const stream = grpc.duplex('Register');
      stream.write({ instance, ttlMs: 2_000 });
      expect(await stream.next()).toMatchObject({ instance: { id: 's1' }, ttlMs: 2_000 });
      const watch = grpc.open('Watch', { service: 'streamed' });
      expect(await watch.next()).toMatchObject({ full: { instances: [{ id: 's1' }] } });
      stream.write({ instance: { ...instance, status: 'DRAINING' } });
      expect(await stream.next()).toMatchObject({ instance: { status: 'DRAINING' } });
      expect(await watch.next()).toMatchObject({ delta: { updated: [{ status: 'DRAINING' }] } });
      stream.end();
      expect(await watch.next()).toMatchObject({ delta: { removed: ['s1'] } });
      watch.cancel();
    });

    it('gives a broken stream the time of its lease, in which another stream may take it up', async () => {
      const instance = { service: 'broken', id: 's1', address: '10.0.0.9' };
      const stream = grpc.duplex('Register');
      stream.write({ instance, ttlMs: 3_000 });
      const { leaseId } = await stream.next();
      stream.cancel();
      const again = grpc.duplex('Register');
      again.write({ instance: { ...instance, version: '2' }, leaseId });
      expect(await again.next()).toMatchObject({ leaseId, instance: { id: 's1', version: '2' } });
      again.cancel();
      // Both streams are gone, and the instance is there as long as the lease runs.
      await until(
        'no stream is open',
        () => other.get('/metrics'),
        ({ body }) => /corral_platform_streams_open 0/.test(body as string),
      );
      await untilIds(api, 'broken', ['s1']);
      await untilIds(api, 'broken', []);
    });

    it('names what is wrong with a gRPC registration', async () => {
      const stream = grpc.duplex('Register');
      stream.write({ instance: { service: '../x', address: '10.0.0.9' } });
      const error = await stream.failure();
      expect(error).toMatchObject({ code: 3 });
      expect(problemIn(error)).toMatchObject({ status: 400, errors: [{ field: 'instance.service' }] });
    });

    it('hands the leases of a platform that dies to another, with the drains that are under way', async () => {
      await register('handed-over', 'a', { ttlMs: 30_000 });
      await register('draining', 'a', { ttlMs: 3_600_000 });
      await untilIds(other, 'handed-over', ['a']);
      const drained = await api.send('POST', `${SERVICES}/draining/instances/a/drain`, { graceMs: 3_000 });
      await platform.stop('SIGKILL');
      const lease = `/corral/registry/leases/${String(drained.body.lease.leaseId)}`;
      expect(await stage.client.exists(lease)).toBeDefined();
      const heartbeat = await other.send('PUT', `${SERVICES}/handed-over/instances/a/heartbeat`);
      expect(heartbeat.status).toBe(200);
      // The dead platform's session is over once its membership is; the instance is there all along, or again.
      await until(
        'the instance belongs to a session that lives',
        async () => (await stage.client.exists('/services/handed-over/a'))?.ephemeralOwner,
        (owner) => owner !== undefined,
      );
      expect(await ids(other, 'handed-over')).toEqual(['a']);
      await until(
        'the other platform has ended the drain',
        () => stage.client.exists(lease),
        (stat) => stat === undefined,
      );
      await untilIds(other, 'draining', []);
    });
  });
}
