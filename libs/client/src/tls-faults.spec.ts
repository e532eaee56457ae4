import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Client, InvalidOptionError, TlsError } from '@corral/client';
import { ScriptedServers } from './scripted-servers.fake.js';

const untrusted = new TlsError('a:2181', 'untrusted', 'SELF_SIGNED_CERT_IN_CHAIN');

let servers: ScriptedServers;
let client: Client;

beforeEach(() => {
  servers = new ScriptedServers(['a', 'b']);
});

afterEach(async () => {
  const closed = client.close();
  await servers.pass(5000);
  await closed;
});

function allDown(): void {
  for (const name of ['a', 'b']) servers.at(name).role = 'down';
}

describe('a client that cannot talk TLS with any server', () => {
  it('gives up after one round over the hosts, and says why to all who wait', async () => {
    allDown();
    servers.at('b').downError = untrusted;
    client = servers.client();
    const connected = expect(client.connected()).rejects.toBe(untrusted);
    const read = expect(client.get('/')).rejects.toBe(untrusted);
    await servers.pass(100);
    await connected;
    await read;
    expect(client.state).toBe('closed');
    expect(servers.at('a').connectionCount).toBe(1);
  });

  it('connects, if one of the hosts will have it', async () => {
    servers.at('a').role = 'down';
    servers.at('a').downError = untrusted;
    client = servers.client();
    await servers.pass(1000);
    expect(client.state).toBe('connected');
  });

  it('waits for servers that are merely away', async () => {
    allDown();
    client = servers.client();
    await servers.pass(60_000);
    expect(client.state).toBe('connecting');
  });

  it('goes on when it was connected before: certificates change while it runs', async () => {
    client = servers.client();
    await servers.pass(1000);
    allDown();
    for (const name of ['a', 'b']) servers.at(name).downError = untrusted;
    servers.drop();
    await servers.pass(60_000);
    servers.at('a').role = 'read-write';
    await servers.pass(2000);
    expect(client.state).toBe('connected');
  });
});

it('TLS options that cannot be used are refused at once, with the cause', () => {
  client = servers.client();
  const connect = (): unknown => servers.client({ transport: undefined, tls: { key: 'not a key' } });
  expect(connect).toThrow(InvalidOptionError);
  expect(connect).toThrow(/^tls: /);
});
