/** Wrong messages to every gRPC method of the .proto files: each is told which field is wrong, nothing is stored, and the platform goes on. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCorral } from '../../interop/harness/index.js';
import { GrpcApi, type GrpcDialogue, type GrpcMessages, problemIn } from './grpc-client.js';
import { HttpApi } from './http-api.js';
import type { PlatformProcess } from './platform-process.js';
import { Stage } from './stage.js';
import { type Method, ProtoFile, type Samples, type WrongMessage } from './wrong-messages.js';

const BODY_BYTES_MAX = 65_536;
const INVALID_ARGUMENT = 3;
const INTERNAL = 13;

const target = { namespace: 'shop', application: 'app', profiles: ['eu'], instance: 'i1', labels: { zone: 'eu' } };
const change = { profile: 'eu', name: 'a', format: 'yaml', content: 'x: 1', encrypted: false, delete: false };
const check = { kind: 'http', path: '/', serviceName: '', port: 80, tls: false, intervalMs: 5000, timeoutMs: 500 };
const instance = {
  ...{ service: 'web', id: 'w1', address: '10.0.0.1', port: 80, sslPort: 443, metadata: { team: 'a' }, zone: 'eu' },
  ...{ weight: 1, version: '1', status: 'UP', health: '', registeredAtMs: 0, check: { ...check, rise: 1, fall: 2 } },
};

/** Right messages; each wrong one differs from its in one field. */
const samples = {
  Target: target,
  WatchRequest: { target, revision: '1.0', service: 'web' },
  SubscribeRequest: { target, applied: { revision: '1.0', error: '' } },
  Applied: { revision: '1.0', error: '' },
  Change: change,
  Wait: { share: 1, timeoutMs: 1 },
  PublishRequest: {
    ...{ namespace: 'shop', application: 'app', changes: [change], author: 'ada', comment: 'why', expectedRelease: 1 },
    wait: { share: 1, timeoutMs: 1 },
  },
  Instance: instance,
  Check: instance.check,
  RegisterRequest: { instance, ttlMs: 5000, leaseId: '' },
  HeartbeatRequest: { service: 'web', id: 'w1' },
  ListRequest: { service: 'web', status: 'UP', zone: 'eu', version: '1', healthy: true },
};

const texts: Samples['texts'] = {
  ...{ namespace: 'name', application: 'name', profiles: 'name', profile: 'name', name: 'name', format: 'name' },
  ...{ service: 'name', id: 'name', leaseId: 'name', kind: 'name', status: 'name' },
  ...{ instance: 'text', author: 'text', comment: 'text', address: 'text', zone: 'text', version: 'text' },
  ...{
    path: 'text',
    serviceName: 'text',
    error: 'text',
    revision: 'text',
    content: 'content',
    health: 'ignored',
    registeredAtMs: 'ignored',
  },
};

/** The first answer of a stream, or the error that it ends with. */
function firstOf(stream: GrpcMessages): Promise<unknown> {
  return Promise.race([stream.failure(), stream.next()]);
}

const services = [
  ['corral/config/v1/config.proto', 'corral.config.v1.Config'],
  ['corral/registry/v1/registry.proto', 'corral.registry.v1.Registry'],
] as const;

describe.each(services)('every call of %s', (file, service) => {
  const proto = new ProtoFile(file);
  const methods = proto.methodsOf(service);
  let stage: Stage;
  let platform: PlatformProcess;
  let api: GrpcApi;
  let subscription: GrpcDialogue | undefined;
  let before: Record<string, number>;

  beforeAll(async () => {
    stage = new Stage(await startCorral());
    platform = await stage.startPlatform({ CORRAL_PLATFORM_LIMITS_BODY_BYTES_MAX: `${BODY_BYTES_MAX}` });
    api = new GrpcApi(platform.grpcAddress, file, service);
    // What subscribers write into is there, so that only what they write shows.
    const config = new GrpcApi(platform.grpcAddress, services[0][0], services[0][1]);
    subscription = config.duplex('Subscribe');
    subscription.write({ target });
    await subscription.next();
    before = await stage.everythingAtRest();
  }, 60_000);

  afterAll(async () => {
    subscription?.cancel();
    api?.close();
    await stage?.stop();
  });

  /** The error that a message meets, or the answer. */
  function outcomeOf({ name, isClientStream, isServerStream }: Method, message: object): Promise<unknown> {
    if (!isClientStream && !isServerStream) return api.call(name, message).catch((failure: unknown) => failure);
    if (!isClientStream) return firstOf(api.open(name, message));
    const stream = api.duplex(name);
    stream.write(message);
    return firstOf(stream);
  }

  /** The error that an acknowledgement meets: it comes after a first message that is right. */
  async function acknowledging(applied: unknown): Promise<unknown> {
    const stream = api.duplex('Subscribe');
    stream.write({ target });
    await stream.next();
    stream.write({ applied });
    return stream.failure();
  }

  async function complaintsAbout(method: Method, { message, field, what }: WrongMessage): Promise<string[]> {
    const { applied, ...first } = message;
    const outcome = field.startsWith('applied') ? acknowledging(applied) : outcomeOf(method, first);
    const failure = (await outcome) as { code?: number; details?: string };
    const told = failure.code === INVALID_ARGUMENT ? (problemIn(failure).errors?.[0]?.field as string) : undefined;
    return told === field ? [] : [`${method.name}, ${field} ${what}: ${failure.code} ${failure.details}`];
  }

  it('is known here', () => {
    expect(methods.length).toBeGreaterThanOrEqual(4);
  });

  const byName = methods.map((method) => [method.name, method] as const);

  it.each(byName)('%s names the field that is wrong', async (_, method) => {
    const wrong = proto.wrong(method.request, { messages: samples, texts });
    const complaints = await Promise.all(wrong.map((message) => complaintsAbout(method, message)));
    expect(complaints.flat()).toEqual([]);
    expect(wrong.length).toBeGreaterThan(5);
  });

  it.each(byName)('%s names what is missing', async (_, method) => {
    const failure = await outcomeOf(method, {});
    expect(failure).toMatchObject({ code: INVALID_ARGUMENT, details: expect.stringContaining('is missing') });
  });

  it.each(byName)('%s survives bytes that are no message', async (_, { path }) => {
    // A field of another type, and no protobuf at all. What cannot be read as a message gRPC itself calls INTERNAL.
    for (const bytes of [
      [0x0d, 1, 2, 3, 4],
      [0xff, 0xff, 0xff],
    ]) {
      const failure = await api.callWithBytes(path, Buffer.from(bytes)).catch((error: unknown) => error);
      expect([INVALID_ARGUMENT, INTERNAL]).toContain((failure as { code?: number }).code);
    }
  });

  it('has met no bug, has stored nothing, and goes on', async () => {
    expect((await new HttpApi(platform.url).get('/health/live')).status).toBe(200);
    expect(platform.output).not.toContain('a bug failed');
    expect(await stage.everything('/')).toEqual(before);
  });
});

describe('gRPC calls', () => {
  let stage: Stage;
  let config: GrpcApi;
  let registry: GrpcApi;

  beforeAll(async () => {
    stage = new Stage(await startCorral());
    const platform = await stage.startPlatform({ CORRAL_PLATFORM_LIMITS_BODY_BYTES_MAX: `${BODY_BYTES_MAX}` });
    [config, registry] = services.map(([file, service]) => new GrpcApi(platform.grpcAddress, file, service)) as [
      GrpcApi,
      GrpcApi,
    ];
  }, 60_000);

  afterAll(async () => {
    config?.close();
    registry?.close();
    await stage?.stop();
  });

  it('refuse a subscriber whose name would lead elsewhere', async () => {
    const stream = config.duplex('Subscribe');
    stream.write({ target: { ...target, instance: '../x' } });
    const failure = await stream.failure();
    expect(failure).toMatchObject({ code: INVALID_ARGUMENT, details: expect.stringContaining('instance') });
  });

  it('say what is not there, and what is too large', async () => {
    const missing = registry.call('Heartbeat', { service: 'web', id: 'nobody' });
    await expect(missing).rejects.toMatchObject({ code: 5 });
    const large = { ...target, changes: [{ ...change, content: 'x'.repeat(BODY_BYTES_MAX) }] };
    await expect(config.call('Publish', large)).rejects.toMatchObject({ code: 8 });
  });
});
