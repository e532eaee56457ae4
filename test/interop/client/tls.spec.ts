/** The TypeScript client over TLS, with real certificates: through a proxy to Corral, and to Apache's secureClientPort. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, createServer, type Server, type TlsOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { Client, TlsError, type TlsFault } from '@corral/client';
import {
  DEFAULT_PORT_RANGE,
  isApacheSince,
  returnPorts,
  type RunningServer,
  startApache,
  startCorral,
  takeFreePorts,
} from '../harness/index.js';
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';
import { Authority, type Certificate, needsOpenssl } from './certificates.js';

let home = '';
let authority: Authority;
let ofLoopback: Certificate;
let ofClient: Certificate;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'corral-tls-'));
  if (needsOpenssl() !== undefined) return;
  authority = new Authority(join(home, 'ca'));
  ofLoopback = authority.issue('IP:127.0.0.1');
  ofClient = authority.issue('DNS:client.example.net');
});

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

async function connectOver(port: number, tls: ConnectionOptions): Promise<Client> {
  return Client.connect({ connect: `127.0.0.1:${port}`, tls }, { signal: AbortSignal.timeout(20_000) });
}

async function faultOver(port: number, tls: ConnectionOptions): Promise<TlsError> {
  const error: unknown = await connectOver(port, tls).then(
    (client) => client.close(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TlsError);
  return error as TlsError;
}

async function writesAndReads(client: Client): Promise<void> {
  const big = Buffer.alloc(500_000, 'x');
  await client.create('/big', big);
  expect((await client.get('/big')).data.equals(big)).toBe(true);
  await client.delete('/big');
  await client.close();
}

describeWith('the client, through a proxy that ends TLS, on Corral', [needsCorral, needsOpenssl], () => {
  let corral: RunningServer;
  const proxies: Server[] = [];

  beforeAll(async () => {
    corral = await startCorral();
  });

  afterEach(() => {
    for (const proxy of proxies.splice(0)) proxy.close();
  });

  afterAll(async () => {
    await corral.stop();
  });

  async function startProxy(options: TlsOptions): Promise<number> {
    const proxy = createServer(options, (outside) => {
      const inside = connect({ host: '127.0.0.1', port: corral.clientPort });
      outside.pipe(inside).pipe(outside);
      for (const end of [inside, outside]) end.on('error', () => [inside, outside].forEach((each) => each.destroy()));
    });
    proxy.on('tlsClientError', () => undefined);
    proxies.push(proxy);
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    return (proxy.address() as AddressInfo).port;
  }

  it('reads and writes', async () => {
    const port = await startProxy(ofLoopback);
    await writesAndReads(await connectOver(port, { ca: authority.cert }));
  });

  it('shows its own certificate to a server that wants one', async () => {
    const port = await startProxy({ ...ofLoopback, ca: authority.cert, requestCert: true, rejectUnauthorized: true });
    await writesAndReads(await connectOver(port, { ca: authority.cert, ...ofClient }));
  });

  it.each<[string, TlsFault, RegExp, () => TlsOptions, () => ConnectionOptions]>([
    ['no CA', 'untrusted', /give the CA as tls\.ca/, () => ofLoopback, () => ({})],
    ['another CA', 'untrusted', /give the CA as tls\.ca/, () => ofLoopback, () => ({ ca: ofClient.cert })],
    [
      'a certificate for another host',
      'wrong-name',
      /client\.example\.net/,
      () => ofClient,
      () => ({ ca: authority.cert }),
    ],
    [
      'no certificate of its own, where one is wanted',
      'client-certificate',
      /tls\.cert/,
      () => ({ ...ofLoopback, ca: authority.cert, requestCert: true, rejectUnauthorized: true }),
      () => ({ ca: authority.cert }),
    ],
    [
      'no version in common',
      'handshake',
      /versions/,
      () => ({ ...ofLoopback, minVersion: 'TLSv1.3' }),
      () => ({ ca: authority.cert, maxVersion: 'TLSv1.2' }),
    ],
  ])('says what is wrong with %s', async (_what, fault, text, server, client) => {
    const error = await faultOver(await startProxy(server()), client());
    expect(error.fault).toBe(fault);
    expect(error.message).toMatch(text);
    expect(error.cause).toHaveProperty('code');
  });

  it('says that a server does not talk TLS', async () => {
    const error = await faultOver(corral.clientPort, { ca: authority.cert });
    expect(error.fault).toBe('plain-server');
    expect(error.message).toMatch(/leave tls out/);
  });
});

describeWith('the client on secureClientPort of Apache ZooKeeper', [needsApache, needsOpenssl], () => {
  (isApacheSince(3, 5) ? it : it.skip)(
    'reads and writes, and says what is wrong without TLS or without a certificate',
    async () => {
      const ports = await takeFreePorts(DEFAULT_PORT_RANGE, 1);
      const [securePort = 0] = ports;
      const file = (name: string, text: string): string => {
        writeFileSync(join(home, name), text);
        return join(home, name);
      };
      const keyStore = file('server.pem', ofLoopback.key + ofLoopback.cert);
      const trustStore = file('trusted.pem', authority.cert);
      const apache = await startApache({
        configLines: [
          `secureClientPort=${securePort}`,
          'secureClientPortAddress=127.0.0.1',
          'serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory',
          `ssl.keyStore.location=${keyStore}`,
          `ssl.trustStore.location=${trustStore}`,
        ],
      });
      const ca = authority.cert;
      await writesAndReads(await connectOver(securePort, { ca, ...ofClient }));
      expect((await faultOver(securePort, { ca })).fault).toBe('client-certificate');
      expect((await faultOver(apache.clientPort, { ca })).fault).toBe('plain-server');
      await apache.kill();
      returnPorts(ports);
    },
  );
});
