/** Every HTTP operation of the OpenAPI document and every gRPC method of the .proto files asks who is calling and what he may do. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCorral } from '../../interop/harness/index.js';
import { GrpcApi, type GrpcMessages } from './grpc-client.js';
import { type Body, HttpApi } from './http-api.js';
import type { PlatformProcess } from './platform-process.js';
import { Stage } from './stage.js';

const UNAUTHENTICATED = 16;
const PERMISSION_DENIED = 7;

const entry = (name: string, grant: object): string =>
  `  - { name: ${name}, sha256: ${createHash('sha256').update(name).digest('hex')}, grants: [${JSON.stringify(grant)}] }\n`;

/** What is for everybody. Whoever adds to this should know why. */
const OPEN = ['GET /', 'GET /health/live', 'GET /health/ready'];
/** Lists, cut to what the caller may see, and the figures: for whoever may see anything. */
const LISTS = ['GET /metrics', 'GET /v1/registry/services', 'GET /v1/config/namespaces', 'GET /v1/config/rollouts'];
/** What a reader says of himself, though it is no reading. */
const READERS_WORD = '/subscribers/{instance}/acknowledgement';

/** A right message for each method of a service, and which of them change something. */
interface ServiceMessages {
  readonly file: string;
  readonly unary: Readonly<Record<string, object>>;
  readonly streams: Readonly<Record<string, object>>;
  readonly dialogues: Readonly<Record<string, object>>;
  readonly writes: readonly string[];
}

const messages: Readonly<Record<string, ServiceMessages>> = {
  'corral.config.v1.Config': {
    file: 'corral/config/v1/config.proto',
    unary: {
      Get: { namespace: 'shop', application: 'app' },
      Publish: { namespace: 'shop', application: 'app', changes: [{ name: 'a', format: 'yaml', content: 'x: 1' }] },
    },
    streams: { Watch: { target: { namespace: 'shop', application: 'app' } } },
    dialogues: { Subscribe: { target: { namespace: 'shop', application: 'app', instance: 'i' } } },
    writes: ['Publish'],
  },
  'corral.registry.v1.Registry': {
    file: 'corral/registry/v1/registry.proto',
    unary: { Heartbeat: { service: 'shop-web', id: 'w' }, List: { service: 'shop-web' } },
    streams: { Watch: { service: 'shop-web' } },
    dialogues: { Register: { instance: { service: 'shop-web', address: '10.0.0.1', port: 80 } } },
    writes: ['Heartbeat', 'Register'],
  },
};

describe('who may do what', () => {
  let stage: Stage;
  let platform: PlatformProcess;
  let operations: readonly (readonly [method: string, path: string])[];

  beforeAll(async () => {
    stage = new Stage(await startCorral());
    const tokenFile = join(mkdtempSync(join(tmpdir(), 'corral-tokens-')), 'tokens.yaml');
    const reader = entry('reader', { role: 'reader', namespace: 'shop', services: 'shop-' });
    const writer = entry('writer', { role: 'writer', namespace: 'shop', services: 'shop-' });
    const stranger = entry('stranger', { role: 'admin', namespace: 'bank', services: 'bank-' });
    writeFileSync(tokenFile, `tokens:\n${reader}${writer}${stranger}`);
    platform = await stage.startPlatform({ CORRAL_PLATFORM_AUTH_TOKEN_FILE: tokenFile });
    const { body } = await new HttpApi(platform.url).get('/openapi.json');
    operations = Object.entries(body.paths as Record<string, Body>).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => [method.toUpperCase(), path] as const),
    );
  }, 60_000);

  afterAll(() => stage?.stop());

  /** The status of each operation but the open ones, for a token. Nothing that is asked for exists, and no body is right. */
  async function statuses(token: string | undefined): Promise<(readonly [operation: string, status: number])[]> {
    const api = new HttpApi(platform.url, token);
    const asked = operations.filter(([method, path]) => !OPEN.includes(`${method} ${path}`));
    return Promise.all(
      asked.map(async ([method, path]) => {
        const url = path
          .replace('{namespace}', 'shop')
          .replace('{service}', 'shop-web')
          .replaceAll(/\{\w+\}/g, '7');
        // A stream that is let in would not end; one that begins where nobody can is refused behind the door.
        const query = path.endsWith('/watch') ? '?nonsense=1' : '';
        const { status } = await api.send(method, url + query, method === 'GET' ? undefined : { nonsense: 1 });
        return [`${method} ${path}`, status] as const;
      }),
    );
  }

  it('asks every caller over HTTP for a token', async () => {
    const let_in = (await statuses(undefined)).filter(([, status]) => status !== 401);
    expect(let_in).toEqual([]);
    expect(operations.length).toBeGreaterThan(30);
  });

  it('lets no token over HTTP at what another may see', async () => {
    const let_in = (await statuses('stranger')).filter(([, status]) => status !== 403).map(([operation]) => operation);
    expect(let_in.sort()).toEqual([...LISTS].sort());
  });

  it('lets a reader over HTTP read, a writer write, and nobody but an admin change schemas', async () => {
    const refused = async (token: string): Promise<string[]> =>
      (await statuses(token)).filter(([, status]) => status === 403).map(([operation]) => operation);
    const writes = operations
      .filter(([method, path]) => method !== 'GET' && !path.endsWith(READERS_WORD))
      .map(([method, path]) => `${method} ${path}`);
    expect((await refused('reader')).sort()).toEqual(writes.sort());
    expect((await refused('writer')).sort()).toEqual(writes.filter((write) => write.includes('/schemas/')));
  });

  describe.each(Object.entries(messages))('%s', (service, { file, unary, streams, dialogues, writes }) => {
    /** The status of each method for a token; 0 when it was let in. */
    async function codes(token: string | undefined): Promise<Record<string, number>> {
      const api = new GrpcApi(platform.grpcAddress, file, service, token);
      const code = (error: unknown): number => (error as { code: number }).code;
      const found: Record<string, number> = {};
      for (const [name, message] of Object.entries(unary)) {
        found[name] = await api.call(name, message).then(() => 0, code);
      }
      const watch = async (name: string, stream: GrpcMessages): Promise<void> => {
        found[name] = await Promise.race([stream.failure().then(code), stream.next().then(() => 0)]);
        stream.cancel();
      };
      for (const [name, message] of Object.entries(streams)) await watch(name, api.open(name, message));
      for (const [name, message] of Object.entries(dialogues)) {
        const stream = api.duplex(name);
        stream.write(message);
        await watch(name, stream);
      }
      api.close();
      return found;
    }

    it('asks every caller for a token, and for one that fits', async () => {
      for (const code of Object.values(await codes(undefined))) expect(code).toBe(UNAUTHENTICATED);
      for (const code of Object.values(await codes('stranger'))) expect(code).toBe(PERMISSION_DENIED);
      const asReader = await codes('reader');
      const refused = Object.keys(asReader).filter((name) => asReader[name] === PERMISSION_DENIED);
      expect(refused.sort()).toEqual([...writes].sort());
      expect(Object.values(await codes('writer'))).not.toContain(PERMISSION_DENIED);
    });

    it('is known here whole', () => {
      const known = [...Object.keys(unary), ...Object.keys(streams), ...Object.keys(dialogues)];
      expect(known.sort()).toEqual(GrpcApi.methodsOf(file, service).sort());
    });
  });
});
