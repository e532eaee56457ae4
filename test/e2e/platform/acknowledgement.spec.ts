/** Subscribers in other languages: a release waits for them, and names those that lag or refuse it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCorral } from '../../interop/harness/index.js';
import { until } from '../until.js';
import { GrpcApi, problemIn } from './grpc-client.js';
import { type Answer, HttpApi } from './http-api.js';
import type { PlatformProcess } from './platform-process.js';
import { Stage } from './stage.js';

const scope = (application: string): string => `/v1/config/namespaces/shop/applications/${application}`;

describe('acknowledgements over HTTP and gRPC', () => {
  let stage: Stage;
  let host: PlatformProcess;
  let api: HttpApi;
  let other: HttpApi;
  let grpc: GrpcApi;

  beforeAll(async () => {
    stage = new Stage(await startCorral());
    const quick = { CORRAL_PLATFORM_SESSION_TIMEOUT_MS: '4000' };
    const platforms = await Promise.all([stage.startPlatform(quick), stage.startPlatform(quick)]);
    [host] = platforms;
    [api, other] = [new HttpApi(platforms[0].url), new HttpApi(platforms[1].url)];
    grpc = new GrpcApi(host.grpcAddress, 'corral/config/v1/config.proto', 'corral.config.v1.Config');
  }, 60_000);

  afterAll(async () => {
    grpc?.close();
    await stage?.stop();
  });

  const publish = (application: string, x: number, timeoutMs = 30_000): Promise<Answer> =>
    other.send('POST', `${scope(application)}/releases`, {
      changes: [{ name: 'a', format: 'yaml', content: `x: ${x}` }],
      wait: { share: 1, timeoutMs },
    });
  const acknowledge = (at: HttpApi, application: string, body: object): Promise<Answer> =>
    at.send('POST', `${scope(application)}/subscribers/php-1/acknowledgement`, body);
  const subscribers = async (application: string): Promise<unknown[]> =>
    (await other.get(`${scope(application)}/subscribers`)).body.subscribers as unknown[];

  it('counts a watcher, who says at any platform what came of a release', async () => {
    const query = 'acknowledge=true&instance=php-1&profiles=eu&labels=zone:eu';
    const events = await api.events(`${scope('watched')}/watch?${query}`);
    await events.next();
    const lagging = await publish('watched', 1, 1);
    expect(lagging.body.acknowledgement).toMatchObject({ subscribers: 1, reached: false, lagging: ['php-1'] });
    const first = await events.next();
    const applied = publish('watched', 2);
    const second = await events.next();
    const body = { profiles: ['eu'], revision: second?.id };
    expect((await acknowledge(other, 'watched', body)).status).toBe(204);
    expect((await applied).body.acknowledgement).toMatchObject({ acknowledged: 1, reached: true });
    const refused = publish('watched', 3);
    const third = await events.next();
    await acknowledge(api, 'watched', { ...body, revision: third?.id, error: 'x must be at most 2' });
    expect((await refused).body.acknowledgement).toMatchObject({
      reached: false,
      failed: [{ instanceId: 'php-1', error: 'x must be at most 2' }],
    });
    expect(await subscribers('watched')).toMatchObject([{ release: 2, labels: { zone: 'eu' }, lags: true }]);
    events.close();
    await until(
      'nobody is waited for',
      () => subscribers('watched'),
      (seen) => seen.length === 0,
    );
    expect(first?.data.values).toEqual({ x: 1 });
  });

  it('sends a watcher again what he has not acknowledged, though he has seen it', async () => {
    const path = `${scope('again')}/watch?acknowledge=true&instance=php-1`;
    await publish('again', 1);
    const events = await api.events(path);
    const seen = await events.next();
    const resume = { 'Last-Event-ID': seen?.id ?? '' };
    // The other platform takes the subscriber over while the first still has its stream.
    const elsewhere = await other.events(path, resume);
    expect((await elsewhere.next())?.id).toBe(seen?.id);
    await acknowledge(api, 'again', { revision: seen?.id });
    const acknowledged = await api.events(path, resume);
    await publish('again', 2, 1);
    expect((await acknowledged.next())?.data.values).toEqual({ x: 2 });
    for (const stream of [events, elsewhere, acknowledged]) stream.close();
  });

  it('counts who polls, for a while after each poll', async () => {
    const path = `${scope('polled')}/effective?acknowledge=true&instance=php-1`;
    const index = (await api.get(path)).headers.get('X-Corral-Index') ?? '';
    const poll = api.get(`${path}&index=${index}&wait=30s`);
    const published = publish('polled', 1);
    const revision = (await poll).headers.get('X-Corral-Index');
    await acknowledge(api, 'polled', { revision });
    expect((await published).body.acknowledgement).toMatchObject({ acknowledged: 1, reached: true });
  });

  it('counts who has a gRPC stream open', async () => {
    const stream = grpc.duplex('Subscribe');
    const target = { namespace: 'shop', application: 'streamed', instance: 'rs-1' };
    stream.write({ target });
    expect(await stream.next()).toMatchObject({ revision: '0.0' });
    const applied = publish('streamed', 1);
    const { revision } = await stream.next();
    stream.write({ applied: { revision } });
    expect((await applied).body.acknowledgement).toMatchObject({ acknowledged: 1, reached: true });
    const refused = publish('streamed', 2);
    stream.write({ applied: { revision: (await stream.next()).revision, error: 'no' } });
    expect((await refused).body.acknowledgement).toMatchObject({ failed: [{ instanceId: 'rs-1', error: 'no' }] });
    stream.end();
    await until(
      'it is gone',
      () => subscribers('streamed'),
      (seen) => seen.length === 0,
    );
  });

  it('says what is wrong with an acknowledgement', async () => {
    expect(await acknowledge(api, 'watched', { revision: '1.0' })).toMatchObject({ status: 404 });
    expect(await acknowledge(api, 'watched', { revision: 'latest' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'revision', message: 'must be a revision as it was read, such as 12.3' }] },
    });
    expect(await acknowledge(api, 'watched', { revision: '99.0' })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('the newest is') },
    });
    expect(await api.get(`${scope('watched')}/watch?acknowledge=true`)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'query.instance' }] },
    });
    const stream = grpc.duplex('Subscribe');
    stream.write({ target: { namespace: 'shop', application: 'streamed' } });
    expect(problemIn(await stream.failure())).toMatchObject({ errors: [{ field: 'target.instance' }] });
  });

  it('waits for nobody whose platform has died', async () => {
    const events = await api.events(`${scope('orphaned')}/watch?acknowledge=true&instance=php-1`);
    await events.next();
    expect(await subscribers('orphaned')).toHaveLength(1);
    await host.stop('SIGKILL');
    await until(
      'its session is over',
      () => subscribers('orphaned'),
      (seen) => seen.length === 0,
    );
  });
});
