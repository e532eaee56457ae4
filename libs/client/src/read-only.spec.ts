import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Client, ConnectionLossError, type ConnectionState } from '@corral/client';
import { OpCode } from '@corral/model';
import { ScriptedServers } from './scripted-servers.fake.js';

let servers: ScriptedServers;
let client: Client;
let states: ConnectionState[];

beforeEach(() => {
  servers = new ScriptedServers(['a', 'b', 'c']);
});

afterEach(async () => {
  const closed = client.close();
  await servers.pass(5000);
  await closed;
});

/** Two of three are gone, and the third answers reads. */
function loseQuorum(): void {
  for (const name of ['a', 'b']) servers.at(name).role = 'down';
  servers.at('c').role = 'read-only';
}

async function connect(): Promise<void> {
  client = servers.client({ readOnly: true });
  states = [];
  client.onState((state) => states.push(state));
  await servers.pass(2000);
}

const probes = (): number => ['a', 'b', 'c'].reduce((sum, name) => sum + servers.at(name).connectionCount, 0);

describe('a client that puts up with a read-only server', () => {
  it('moves to one that takes writes, once there is one', async () => {
    loseQuorum();
    await connect();
    expect(states).toEqual(['read-only']);
    servers.at('b').role = 'read-write';
    await servers.pass(10_000);
    expect(states).toEqual(['read-only', 'suspended', 'connected']);
  });

  it('stays with the session that it had, when the ensemble loses its quorum and finds it again', async () => {
    await connect();
    const { sessionId } = client;
    loseQuorum();
    servers.drop();
    await servers.pass(2000);
    expect(states).toEqual(['connected', 'suspended', 'read-only']);
    for (const name of ['a', 'b']) servers.at(name).role = 'read-write';
    await servers.pass(10_000);
    expect(states).toEqual(['connected', 'suspended', 'read-only', 'suspended', 'reconnected']);
    expect(client.sessionId).toBe(sessionId);
  });

  it('does not believe a server without a quorum that its session has ended', async () => {
    await connect();
    const { sessionId } = client;
    loseQuorum();
    servers.at('c').forgotten.add(sessionId);
    servers.drop();
    await servers.pass(2000);
    expect(states).toEqual(['connected', 'suspended']);
    servers.at('a').role = 'read-write';
    await servers.pass(1500);
    expect(states).toEqual(['connected', 'suspended', 'reconnected']);
    expect(client.sessionId).toBe(sessionId);
  });

  it('begins a session of another kind with it, once its own is lost', async () => {
    await connect();
    loseQuorum();
    servers.at('c').forgotten.add(client.sessionId);
    servers.drop();
    await servers.pass(6000);
    expect(states).toEqual(['connected', 'suspended', 'lost', 'read-only']);
    servers.at('a').role = 'read-write';
    await servers.pass(10_000);
    expect(states.slice(4)).toEqual(['suspended', 'connected']);
  });

  it('leaves one that grants no session, and says so', async () => {
    loseQuorum();
    servers.at('c').grantsNothing = true;
    const reasons = new Set<unknown>();
    client = servers.client({ readOnly: true, logger: (_level, _message, fields) => reasons.add(fields?.['reason']) });
    await servers.pass(2000);
    expect(reasons).toContain('the server refuses the handshake: connect: this server is read-only: it has no quorum');
    servers.at('b').role = 'read-write';
    await servers.pass(2000);
    expect(client.state).toBe('connected');
  });

  it('takes a write along that the server has not answered: it was not done there', async () => {
    loseQuorum();
    await connect();
    servers.at('c').isSilent = true;
    let isDone = false;
    const deleted = client.delete('/a').then(() => (isDone = true));
    await servers.pass(10);
    expect([servers.at('c').requests, isDone]).toEqual([[OpCode.delete], false]);
    servers.at('b').role = 'read-write';
    await servers.pass(10_000);
    await deleted;
    expect(servers.at('b').requests).toEqual([OpCode.delete]);
  });

  it('sends no write a second time that a server with a quorum has left unanswered', async () => {
    await connect();
    for (const name of ['a', 'b', 'c']) servers.at(name).isSilent = true;
    const deleted = expect(client.delete('/a')).rejects.toBeInstanceOf(ConnectionLossError);
    await servers.pass(10);
    loseQuorum();
    servers.drop();
    await servers.pass(2000);
    servers.at('a').role = 'read-write';
    await servers.pass(10_000);
    await deleted;
    expect(['a', 'b', 'c'].flatMap((name) => servers.at(name).requests)).toEqual([OpCode.delete]);
  });

  it('asks less and less often, but at least once a minute', async () => {
    loseQuorum();
    await connect();
    await servers.pass(300_000);
    const before = probes();
    await servers.pass(600_000);
    // One round over three hosts for each wait of half a minute to a minute.
    expect(probes() - before).toBeGreaterThanOrEqual(3 * 9);
    expect(probes() - before).toBeLessThanOrEqual(3 * 21);
  });

  it('asks no more once it is connected to a server that takes writes', async () => {
    loseQuorum();
    await connect();
    servers.at('a').role = 'read-write';
    await servers.pass(10_000);
    expect(client.state).toBe('connected');
    const before = probes();
    await servers.pass(300_000);
    expect(probes()).toBe(before);
  });

  it('asks no more once it is closed', async () => {
    loseQuorum();
    await connect();
    const closed = client.close();
    await servers.pass(5000);
    await closed;
    expect(servers.timers.nextDueMs).toBe(Infinity);
  });
});
