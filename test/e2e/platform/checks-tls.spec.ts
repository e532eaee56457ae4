/** Active checks over TLS, against real servers with real certificates. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ServerCredentials } from '@grpc/grpc-js';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authority, type Certificate, needsOpenssl } from '../../interop/client/certificates.js';
import { startCorral } from '../../interop/harness/index.js';
import { describeWith, needsCorral } from '../../interop/harness/requirements.js';
import { until } from '../until.js';
import { HttpApi } from './http-api.js';
import { ProbedServers } from './probed-servers.js';
import { Stage } from './stage.js';

const QUICK = { intervalMs: 500, timeoutMs: 2000, rise: 1, fall: 1 };

describeWith('checks over TLS', [needsCorral, needsOpenssl], () => {
  const servers = new ProbedServers();
  let stage: Stage;
  let api: HttpApi;
  /** Of an authority that nobody knows, for a host that nobody asks. */
  let stranger: Certificate;
  let authority: Authority;

  beforeAll(async () => {
    stage = new Stage(await startCorral());
    api = new HttpApi((await stage.startPlatform()).url);
    authority = new Authority(join(mkdtempSync(join(tmpdir(), 'corral-certificates-')), 'ca'));
    stranger = authority.issue('DNS:elsewhere.example');
  }, 60_000);

  afterAll(async () => {
    servers.close();
    await stage?.stop();
  });

  const credentials = ({ key, cert }: Certificate, clientsOf?: string): ServerCredentials =>
    ServerCredentials.createSsl(
      clientsOf === undefined ? null : Buffer.from(clientsOf),
      [{ private_key: Buffer.from(key), cert_chain: Buffer.from(cert) }],
      clientsOf !== undefined,
    );

  /** Registers an instance and waits for the verdict; with it what platforms write down of the reason. */
  async function verdictOf(id: string, fields: object, check: object): Promise<{ health: string; reason?: string }> {
    const body = { id, address: '127.0.0.1', ttlMs: 600_000, ...fields, check: { ...QUICK, ...check } };
    const registered = await api.send('POST', '/v1/registry/services/checked/instances', body);
    expect(registered).toMatchObject({ status: 201 });
    const note = `/corral/registry/notes/checked/health/${id}`;
    const znode = await until(
      `${id} is checked`,
      () => stage.client.getOrUndefined(note),
      (found) => found !== undefined,
    );
    return JSON.parse(String(znode?.data)) as { health: string; reason?: string };
  }

  it('pass whoever answers, and ask nothing of a certificate, at the TLS port when no other is named', async () => {
    const { port } = await servers.grpc('SERVING', credentials(stranger));
    const over = { kind: 'grpc', tls: true };
    expect(await verdictOf('grpc-port', { port: 1 }, { ...over, port })).toEqual({ health: 'passing' });
    expect(await verdictOf('grpc-ssl-port', { port: 1, sslPort: port }, over)).toEqual({ health: 'passing' });
    expect(await verdictOf('grpc-one-port', { port }, over)).toEqual({ health: 'passing' });
    const https = await servers.https(stranger);
    expect(await verdictOf('https', { port: https }, { kind: 'http', tls: true })).toEqual({ health: 'passing' });
  });

  it('fail who does not serve', async () => {
    const { port } = await servers.grpc('NOT_SERVING', credentials(stranger));
    const verdict = await verdictOf('grpc-not', { port }, { kind: 'grpc', tls: true });
    expect(verdict).toEqual({ health: 'failing', reason: 'the instance says NOT_SERVING' });
  });

  it('say what is wrong when one side speaks TLS and the other does not', async () => {
    const plain = await servers.grpc('SERVING');
    expect(await verdictOf('plain', { port: plain.port }, { kind: 'grpc', tls: true })).toEqual({
      health: 'failing',
      reason: 'the server does not speak TLS at this port; check.tls says so',
    });
    const tls = await servers.grpc('SERVING', credentials(stranger));
    expect(await verdictOf('tls', { port: tls.port }, { kind: 'grpc' })).toEqual({
      health: 'failing',
      reason: 'the server ends the connection; it may want check.tls',
    });
  });

  it('say so when the server asks for a certificate, and when nobody is there', async () => {
    const mutual = await servers.grpc('SERVING', credentials(stranger, authority.cert));
    expect(await verdictOf('mutual', { port: mutual.port }, { kind: 'grpc', tls: true })).toEqual({
      health: 'failing',
      reason: 'the server asks for a certificate, and checks have none',
    });
    const nobody = await verdictOf('nobody', { port: await servers.refused() }, { kind: 'grpc', tls: true });
    expect(nobody.reason).toMatch(/^connect ECONNREFUSED 127\.0\.0\.1:\d+$/);
  });
});
