/** What every request meets before it gets to the modules: tokens, limits, problems, documentation, figures. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCorral } from '../../interop/harness/index.js';
import { until } from '../until.js';
import { GrpcApi } from './grpc-client.js';
import { type Body, HttpApi } from './http-api.js';
import { PlatformProcess } from './platform-process.js';
import { Stage } from './stage.js';

const entry = (name: string, grants: object[]): string =>
  `  - { name: ${name}, sha256: ${createHash('sha256').update(`token-of-${name}`).digest('hex')}, grants: ${JSON.stringify(grants)} }\n`;

const late = [{ role: 'reader', namespace: 'shop' }];
const release = { changes: [{ name: 'a', format: 'yaml', content: 'x: 1' }] };
const SHOP = '/v1/config/namespaces/shop/applications/app';

/** The places where an example is of another type than its schema says. */
function wrongExamples(value: unknown, place = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { type, example } = value as { type?: string; example?: unknown };
  const found = Array.isArray(example) ? 'array' : typeof example;
  const expected = type === 'integer' ? 'number' : type;
  const isWrong = typeof type === 'string' && example !== undefined && found !== expected;
  const below = Object.entries(value).flatMap(([key, item]) => wrongExamples(item, `${place}/${key}`));
  return isWrong ? [place, ...below] : below;
}

/** The good answers with a body of which the document does not say what it is. */
function answersWithoutSchema({ paths }: Body): string[] {
  const found: string[] = [];
  for (const [path, methods] of Object.entries(paths as Record<string, Record<string, Body>>)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      for (const status of ['200', '201'].filter((each) => each in responses)) {
        const described = Object.values((responses[status].content ?? {}) as Record<string, Body>);
        if (!described.some(({ schema }) => schema !== undefined)) found.push(`${method} ${path} ${status}`);
      }
    }
  }
  return found;
}

describe('the edge of a platform', () => {
  let stage: Stage;
  let open: PlatformProcess;
  let locked: PlatformProcess;
  let api: HttpApi;
  let tokenFile: string;

  beforeAll(async () => {
    stage = new Stage(await startCorral());
    tokenFile = join(mkdtempSync(join(tmpdir(), 'corral-tokens-')), 'tokens.yaml');
    const shop = [{ role: 'writer', namespace: 'shop' }];
    writeFileSync(
      tokenFile,
      `tokens:\n${entry('shop', shop)}${entry('guest', [{ role: 'reader', namespace: 'shop' }])}`,
    );
    [open, locked] = await Promise.all([
      stage.startPlatform({ CORRAL_PLATFORM_LIMITS_BODY_BYTES_MAX: '65536' }),
      stage.startPlatform({
        CORRAL_PLATFORM_HTTP_ADDRESS: '0.0.0.0',
        CORRAL_PLATFORM_AUTH_TOKEN_FILE: tokenFile,
        CORRAL_PLATFORM_LIMITS_WRITES_PER_SECOND_MAX: '50',
        CORRAL_PLATFORM_LIMITS_STREAMS_MAX: '1',
      }),
    ]);
    api = new HttpApi(open.url);
  }, 60_000);

  afterAll(() => stage?.stop());

  it('answers who asks only for the head of a stream', async () => {
    const response = await fetch(`${open.url}${SHOP}/watch`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  });

  const withToken = (name?: string): HttpApi =>
    new HttpApi(locked.url.replace('0.0.0.0', '127.0.0.1'), name === undefined ? undefined : `token-of-${name}`);

  it('lets nobody in without a token, and tells who may from who may not', async () => {
    expect(await withToken().get(`${SHOP}/status`)).toMatchObject({
      status: 401,
      body: { type: 'urn:corral:problem:unauthenticated' },
    });
    expect((await withToken('nobody').get(`${SHOP}/status`)).status).toBe(401);
    expect((await withToken('guest').get(`${SHOP}/status`)).status).toBe(200);
    expect((await withToken('guest').send('POST', `${SHOP}/releases`, release)).status).toBe(403);
    expect((await withToken('guest').get(SHOP.replace('shop', 'bank') + '/status')).status).toBe(403);
    const published = await withToken('shop').send('POST', `${SHOP}/releases`, { ...release, author: 'ada' });
    expect(published).toMatchObject({ status: 201, body: { release: { author: 'ada (shop)' } } });
    expect((await withToken('shop').send('PUT', `${SHOP}/schemas/a`, { schema: {} })).status).toBe(403);
    expect((await withToken('guest').get('/v1/config/namespaces')).body).toEqual({ namespaces: ['shop'] });
    expect((await withToken().get('/metrics')).status).toBe(401);
    expect((await withToken().get('/health/live')).status).toBe(200);
  });

  it('asks gRPC callers for the same tokens', async () => {
    const address = locked.grpcAddress;
    const as = (token?: string) =>
      new GrpcApi(address, 'corral/config/v1/config.proto', 'corral.config.v1.Config', token);
    const [nobody, guest] = [as(), as('token-of-guest')];
    const target = { namespace: 'shop', application: 'app' };
    await expect(nobody.call('Get', target)).rejects.toMatchObject({ code: 16 });
    await expect(guest.call('Get', { ...target, namespace: 'bank' })).rejects.toMatchObject({ code: 7 });
    await guest.call('Get', target);
    nobody.close();
    guest.close();
  });

  it('reads the token file again when it changes', async () => {
    appendFileSync(tokenFile, entry('late', late));
    await until(
      'the new token is known',
      () => withToken('late').get(`${SHOP}/status`),
      ({ status }) => status === 200,
    );
  });

  it('ends the streams of a token that is taken back, and no others', async () => {
    const target = { namespace: 'shop', application: 'app' };
    const grpc = new GrpcApi(
      locked.grpcAddress,
      'corral/config/v1/config.proto',
      'corral.config.v1.Config',
      'token-of-late',
    );
    const watch = grpc.open('Watch', { target });
    await watch.next();
    const text = readFileSync(tokenFile, 'utf8');
    writeFileSync(tokenFile, text.replace(entry('late', late), ''));
    expect(await watch.failure()).toMatchObject({ code: 16, details: 'the token "late" was changed or taken back' });
    grpc.close();
    const stream = await withToken('guest').events(`${SHOP}/watch`);
    await stream.next();
    writeFileSync(tokenFile, text);
    await until(
      'the token is known again',
      () => withToken('late').get(`${SHOP}/status`),
      ({ status }) => status === 200,
    );
    await withToken('shop').send('POST', `${SHOP}/releases`, {
      changes: [{ name: 'a', format: 'yaml', content: 'x: 2' }],
    });
    expect((await stream.next())?.data.values).toEqual({ x: 2 });
    stream.close();
  });

  it('limits writes and streams of a caller, and says when to come again', async () => {
    const answers = await Promise.all(
      Array.from({ length: 120 }, () => withToken('guest').send('POST', `${SHOP}/releases`, release)),
    );
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body.type).toBe('urn:corral:problem:too-many-requests');
    expect(Number(refused?.headers.get('Retry-After'))).toBeGreaterThan(0);
    const stream = await withToken('shop').events(`${SHOP}/watch`);
    await stream.next();
    expect((await withToken('shop').get(`${SHOP}/watch`)).status).toBe(429);
    stream.close();
  });

  it('names the request, and what is wrong with it', async () => {
    const mine = await api.get('/v1/nothing', { 'X-Request-Id': 'order-17' });
    expect(mine).toMatchObject({ status: 404, body: { requestId: 'order-17' } });
    expect(mine.headers.get('Content-Type')).toContain('application/problem+json');
    const forged = await api.get('/v1/nothing', { 'X-Request-Id': 'a b' });
    expect(forged.headers.get('X-Request-Id')).not.toBe('a b');
    const method = await api.send('DELETE', '/v1/config/namespaces');
    expect(method.status).toBe(405);
    expect(method.headers.get('Allow')).toBe('GET');
    const text = await api.send('POST', `${SHOP}/releases`, 'x', { 'Content-Type': 'text/plain' });
    expect(text.status).toBe(415);
    const large = await api.send('POST', `${SHOP}/releases`, JSON.stringify({ x: 'x'.repeat(70_000) }));
    expect(large).toMatchObject({ status: 413, body: { errors: [{ field: 'body' }] } });
    const broken = await api.send('POST', `${SHOP}/releases`, '{"changes": [');
    expect(broken).toMatchObject({ status: 400, body: { errors: [{ field: 'body' }] } });
    const path = await api.get('/v1/config/namespaces/%ff/applications');
    expect(path).toMatchObject({ status: 400, body: { errors: [{ field: 'path' }] } });
  });

  it('takes a caller who hangs up for nothing worse', async () => {
    const streamsAre = (count: number): Promise<unknown> =>
      until(
        `${count} streams are open`,
        () => api.get('/metrics'),
        ({ body }) => String(body).includes(`corral_platform_streams_open ${count}`),
      );
    const caller = new AbortController();
    const quiet = `${open.url}/v1/config/namespaces/shop/applications/quiet/effective?index=0.0&wait=30s`;
    const poll = fetch(quiet, { signal: caller.signal });
    await streamsAre(1);
    caller.abort(new Error('hung up'));
    await expect(poll).rejects.toThrow('hung up');
    await streamsAre(0);
    expect(open.output).not.toContain('a bug failed');
  });

  it('writes a line for every call that changes something, with its request id', async () => {
    await api.send('POST', `${SHOP}/releases`, release, { 'X-Request-Id': 'by-http' });
    const grpc = new GrpcApi(open.grpcAddress, 'corral/config/v1/config.proto', 'corral.config.v1.Config');
    await grpc.call('Publish', { namespace: 'shop', application: 'app', ...release });
    grpc.close();
    expect(open.output).toMatch(/INFO .*request requestId=by-http caller=anonymous method=POST .*status=201/);
    expect(open.output).toMatch(/INFO .*call requestId=\S+ caller=anonymous method=config.Publish code=OK durationMs=/);
  });

  it('documents every endpoint, without anything from the internet', async () => {
    const { body } = await api.get('/openapi.json');
    expect(body.paths).toHaveProperty([
      '/v1/config/namespaces/{namespace}/applications/{application}/releases',
      'post',
    ]);
    expect(body.components.schemas.PublishDto.properties.changes.maxItems).toBeGreaterThan(0);
    expect(body.components.schemas.ChangeDto.properties.format.enum).toContain('yaml');
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g)];
    expect(references.map(([, name]) => name).filter((name) => !(`${name}` in body.components.schemas))).toEqual([]);
    expect(wrongExamples(body)).toEqual([]);
    expect(answersWithoutSchema(body)).toEqual([]);
    // Where a browser begins; without a token too.
    for (const url of [open.url, locked.url.replace('0.0.0.0', '127.0.0.1')]) {
      const start = await fetch(url, { redirect: 'manual' });
      expect([start.status, start.headers.get('Location')]).toEqual([302, 'docs']);
      expect((await fetch(url)).url).toMatch(/\/docs$/);
    }
    const page = await api.get('/docs');
    expect(page.body).toContain('Corral platform');
    const links = [...String(page.body).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => /^(https?:)?\/\//.test(link))).toEqual([]);
    for (const link of links) expect((await api.get(`/${link.replace(/^\.?\//, '')}`)).status).toBe(200);
  });

  it('gives figures to Prometheus', async () => {
    await api.get('/v1/config/namespaces');
    const { body } = await api.get('/metrics');
    expect(body).toContain('corral_platform_ensemble_connected 1');
    expect(body).toMatch(
      /corral_platform_http_request_duration_seconds_count\{method="GET",route="\/v1\/config\/namespaces",status="200"\} \d/,
    );
  });

  it('does not start beyond loopback without tokens, and says what to do', async () => {
    const { code, output } = await PlatformProcess.run({
      commandLine: ['platform'],
      environment: { CORRAL_PLATFORM_HTTP_ADDRESS: '0.0.0.0' },
    });
    expect(code).toBe(1);
    expect(output).toContain('platform.auth.tokenFile');
  });

  it('says which port is taken', async () => {
    const environment = { CORRAL_PLATFORM_HTTP_PORT: new URL(open.url).port, CORRAL_PLATFORM_GRPC_PORT: '0' };
    const { code, output } = await PlatformProcess.run({
      commandLine: ['platform', '--connect', stage.connect],
      environment,
    });
    expect(code).toBe(1);
    expect(output).toContain('is taken: another program listens there');
  });
});
