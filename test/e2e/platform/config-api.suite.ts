/** Live configuration over HTTP and gRPC: the same assertions whoever serves the ensemble. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GrpcApi, problemIn } from './grpc-client.js';
import { HttpApi } from './http-api.js';
import type { PlatformProcess } from './platform-process.js';
import type { Stage } from './stage.js';

const yaml = (content: string, name = 'discount') => ({ name, format: 'yaml', content });

/** Declares the suite. */
export function describeConfigApi(openStage: () => Promise<Stage>): void {
  describe('live configuration through platforms', () => {
    let stage: Stage;
    let platform: PlatformProcess;
    let other: PlatformProcess;
    let api: HttpApi;
    let config: GrpcApi;

    beforeAll(async () => {
      stage = await openStage();
      [platform, other] = await Promise.all([stage.startPlatform(), stage.startPlatform()]);
      api = new HttpApi(platform.url);
      config = new GrpcApi(platform.grpcAddress, 'corral/config/v1/config.proto', 'corral.config.v1.Config');
    }, 60_000);

    afterAll(async () => {
      config?.close();
      await stage?.stop();
    });

    const scope = (application: string): string => `/v1/config/namespaces/shop/applications/${application}`;
    const publish = (application: string, ...changes: object[]) =>
      api.send('POST', `${scope(application)}/releases`, { changes });

    it('publishes, shows, compares and goes back', async () => {
      const first = await api.send('POST', `${scope('pricing')}/releases`, {
        changes: [yaml('percent: 10'), { name: 'note', format: 'text', content: 'hello' }],
        author: 'ada',
        comment: 'Autumn sale',
      });
      expect(first).toMatchObject({
        status: 201,
        body: { release: { release: 1, author: 'ada', comment: 'Autumn sale' } },
      });
      await publish('pricing', yaml('percent: 20'));
      expect((await api.get(`${scope('pricing')}/effective`)).body).toMatchObject({
        release: 2,
        values: { percent: 20 },
      });
      const history = await api.get(`${scope('pricing')}/releases?limit=5`);
      expect(history.body).toMatchObject({ releases: [{ release: 2 }, { release: 1 }] });
      expect((await api.get(`${scope('pricing')}/documents`)).body.documents).toHaveLength(2);
      expect((await api.get(`${scope('pricing')}/documents/discount?release=1`)).body.content).toBe('percent: 10');
      expect(JSON.stringify((await api.get(`${scope('pricing')}/diff?from=1&to=2`)).body)).toContain('discount');
      const back = await api.send('POST', `${scope('pricing')}/releases/1/rollback`, { comment: 'too cheap' });
      expect(back).toMatchObject({ status: 201, body: { release: { release: 3, rollbackOf: 1 } } });
      expect((await api.get(`${scope('pricing')}/releases/3`)).body).toEqual(back.body.release);
      expect((await api.get(`${scope('pricing')}/status`)).body.release).toBe(3);
      expect((await api.get('/v1/config/namespaces')).body.namespaces).toContain('shop');
      expect((await api.get('/v1/config/namespaces/shop/applications')).body.applications).toContain('pricing');
    });

    it('lets one of two writers win, and tells the other where he stands', async () => {
      await publish('race', yaml('a: 1'));
      const answers = await Promise.all(
        [platform, other].map(({ url }, i) =>
          new HttpApi(url).send('POST', `${scope('race')}/releases`, {
            changes: [yaml(`a: ${i + 2}`)],
            expectedRelease: 1,
          }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
      const loser = answers.find(({ status }) => status === 409);
      expect(loser?.body).toMatchObject({ type: 'urn:corral:problem:conflict', currentRelease: 2 });
    });

    it('refuses what breaks the schema, names the field, and changes nothing', async () => {
      await publish('strict', yaml('percent: 10'));
      const schema = { type: 'object', properties: { percent: { type: 'number', maximum: 50 } } };
      expect((await api.send('PUT', `${scope('strict')}/schemas/discount`, { schema })).status).toBe(200);
      expect((await api.get(`${scope('strict')}/schemas/discount`)).body).toEqual(schema);
      const before = await stage.everything('/corral/config');
      const refused = await publish('strict', yaml('percent: 90'));
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'discount/percent' }] } });
      const broken = await publish('strict', yaml('percent: ['));
      expect(broken).toMatchObject({ status: 422, body: { errors: [{ field: 'discount' }] } });
      expect(await stage.everything('/corral/config')).toEqual(before);
      const without = await api.send('DELETE', `${scope('strict')}/schemas/discount`);
      expect(without).toMatchObject({ status: 200, body: { release: { release: 3, schemas: [] } } });
      expect((await publish('strict', yaml('percent: 90'))).status).toBe(201);
    });

    it('tells watchers of a release, also those on another platform, and lets them resume', async () => {
      await publish('watched', yaml('a: 1'));
      const events = await new HttpApi(other.url).events(`${scope('watched')}/watch`);
      expect(await events.next()).toMatchObject({ event: 'config', data: { values: { a: 1 } } });
      await publish('watched', yaml('a: 2'));
      const second = await events.next();
      expect(second).toMatchObject({ data: { release: 2, values: { a: 2 } } });
      events.close();
      await publish('watched', yaml('a: 3'));
      const resumed = await api.events(`${scope('watched')}/watch`, { 'Last-Event-ID': second?.id ?? '' });
      expect(await resumed.next()).toMatchObject({ data: { values: { a: 3 } } });
      resumed.close();
    });

    it('answers a long poll when something changes, and when the time is over', async () => {
      await publish('polled', yaml('a: 1'));
      const index = (await api.get(`${scope('polled')}/effective`)).headers.get('X-Corral-Index') ?? '';
      const same = await api.get(`${scope('polled')}/effective?index=${index}&wait=50ms`);
      expect(same.headers.get('X-Corral-Index')).toBe(index);
      const poll = api.get(`${scope('polled')}/effective?index=${index}&wait=30s`);
      await publish('polled', yaml('a: 2'));
      expect((await poll).body.values).toEqual({ a: 2 });
    });

    it('lays profiles over each other, and an application over the defaults of its namespace', async () => {
      await publish('_defaults', yaml('a: 1\nb: 1', 'base'));
      await publish('layered', yaml('b: 2', 'base'), { ...yaml('c: 3', 'base'), profile: 'production' });
      const { body } = await api.get(`${scope('layered')}/effective?profiles=production`);
      expect(body.values).toEqual({ a: 1, b: 2, c: 3 });
    });

    it('carries a gradual release by hand', async () => {
      await publish('gradual', yaml('a: 1'));
      const rollout = {
        stages: [{ name: 'canary', select: { labels: { zone: 'eu' } }, soakMs: 0, promote: 'manual' }],
      };
      await api.send('POST', `${scope('gradual')}/releases`, { changes: [yaml('a: 2')], rollout });
      const seen = async (query: string): Promise<unknown> =>
        (await api.get(`${scope('gradual')}/effective?${query}`)).body.values as unknown;
      expect(await seen('instance=i1&labels=zone:eu')).toMatchObject({ a: 2 });
      expect(await seen('instance=i2&labels=zone:us')).toMatchObject({ a: 1 });
      expect((await api.get('/v1/config/rollouts')).body.rollouts).toHaveLength(1);
      expect((await publish('gradual', yaml('a: 9'))).status).toBe(409);
      expect((await api.send('POST', `${scope('gradual')}/rollout/promote`, { stage: 1 })).status).toBe(409);
      expect((await api.send('POST', `${scope('gradual')}/rollout/promote`)).status).toBe(200);
      const { body } = await api.get(`${scope('gradual')}/status`);
      expect(body).toMatchObject({ release: 2, lastRollout: { outcome: 'completed' } });
      await api.send('POST', `${scope('gradual')}/releases`, { changes: [yaml('a: 3')], rollout });
      const ended = await api.send('POST', `${scope('gradual')}/rollout/abort`, { reason: 'error rate went up' });
      expect(ended).toMatchObject({
        status: 200,
        body: { release: 2, lastRollout: { release: 3, outcome: 'aborted', reason: 'error rate went up' } },
      });
    });

    it('speaks gRPC by the same rules', async () => {
      const change = { name: 'base', format: 'yaml', content: 'x: 1' };
      const published = await config.call('Publish', { namespace: 'rpc', application: 'app', changes: [change] });
      expect(published.release).toBe(1);
      const target = { namespace: 'rpc', application: 'app' };
      const got = await config.call('Get', target);
      expect(got).toMatchObject({ release: 1, valuesJson: '{"x":1}', stale: false });
      const stream = config.open('Watch', { target });
      expect(await stream.next()).toMatchObject({ release: 1 });
      await config.call('Publish', { ...target, changes: [{ ...change, content: 'x: 2' }] });
      expect(await stream.next()).toMatchObject({ release: 2, valuesJson: '{"x":2}' });
      stream.cancel();
    });

    it('tells what is wrong with a gRPC call in its status and in a problem document', async () => {
      const target = { namespace: 'rpc', application: '../x' };
      const error = await config.call('Get', target).catch((failure: unknown) => failure);
      expect(error).toMatchObject({ code: 3 });
      expect(problemIn(error)).toMatchObject({ status: 400, errors: [{ field: 'application' }] });
      const conflict = await config
        .call('Publish', {
          namespace: 'rpc',
          application: 'app',
          changes: [yaml('x: 5', 'base')],
          expectedRelease: 1,
        })
        .catch((failure: unknown) => failure);
      expect(conflict).toMatchObject({ code: 10 });
      expect(problemIn(conflict)).toMatchObject({ currentRelease: 2 });
    });
  });
}
