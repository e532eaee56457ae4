import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Client,
  ClientClosedError,
  ConnectionLossError,
  type ConnectionState,
  SessionExpiredError,
} from '@corral/client';
import { TestEnsemble } from '@corral/client/testing';

let ensemble: TestEnsemble;
let client: Client;
let states: ConnectionState[];

beforeEach(async () => {
  ensemble = new TestEnsemble();
  client = await ensemble.connect({ sessionTimeoutMs: 4000 });
  states = [client.state];
  client.onState((state) => states.push(state));
});

afterEach(async () => {
  await ensemble.result(client.close());
});

describe('a client', () => {
  it('connects, creates, reads, changes and deletes', async () => {
    expect(client.state).toBe('connected');
    expect(client.sessionTimeoutMs).toBe(4000);
    expect(await ensemble.result(client.create('/a', 'one'))).toBe('/a');
    const { data, stat } = await ensemble.result(client.get('/a'));
    expect([data.toString(), stat.version]).toEqual(['one', 0]);
    expect((await ensemble.result(client.set('/a', 'two', { version: 0 }))).version).toBe(1);
    expect(await ensemble.result(client.children('/'))).toContain('a');
    await ensemble.result(client.delete('/a'));
    expect(await ensemble.result(client.exists('/a'))).toBeUndefined();
    expect(client.lastZxid).toBeGreaterThan(0);
  });

  it('keeps its session alive by pings, however long it says nothing', async () => {
    const { sessionId } = client;
    await ensemble.pass(60_000);
    expect(states).toEqual(['connected']);
    expect(client.sessionId).toBe(sessionId);
  });

  it('takes its session up again on another connection', async () => {
    const { sessionId } = client;
    ensemble.drop(client);
    await ensemble.pass(1000);
    expect(states).toEqual(['connected', 'suspended', 'reconnected']);
    expect(client.sessionId).toBe(sessionId);
  });

  it('survives a restart of the server', async () => {
    await ensemble.result(client.create('/mine', null, { mode: 'ephemeral' }));
    ensemble.stop();
    await ensemble.pass(2000);
    ensemble.restart();
    await ensemble.pass(2000);
    expect(states).toEqual(['connected', 'suspended', 'reconnected']);
    expect(await ensemble.result(client.exists('/mine'))).toBeDefined();
  });

  it('gives a silent connection up after two thirds of the timeout, and takes the session up on another', async () => {
    ensemble.silence(client);
    await ensemble.pass(2600);
    expect(states).toEqual(['connected']);
    await ensemble.pass(200);
    expect(states).toEqual(['connected', 'suspended']);
    ensemble.heal(client);
    await ensemble.pass(6000);
    expect(states.slice(0, 3)).toEqual(['connected', 'suspended', 'reconnected']);
  });

  it('gets a new session by itself when the server has ended the old one', async () => {
    const { sessionId } = client;
    ensemble.expire(client);
    await ensemble.pass(1000);
    expect(states).toEqual(['connected', 'suspended', 'lost', 'connected']);
    expect(client.sessionId).not.toBe(sessionId);
  });

  it('says that the session is lost when no server was heard for as long as it lives', async () => {
    ensemble.cut(client);
    await ensemble.pass(3900);
    expect(states).toEqual(['connected', 'suspended']);
    await ensemble.pass(200);
    expect(states).toEqual(['connected', 'suspended', 'lost']);
    expect(client.sessionId).toBe(0n);
  });

  it('ends the old session before it begins a new one, when it had given it up and the server still knows it', async () => {
    await ensemble.result(client.create('/mine', null, { mode: 'ephemeral' }));
    ensemble.stop();
    await ensemble.pass(5000);
    // After a restart every session has its whole timeout again: the server would keep the old one.
    ensemble.restart();
    let foundAtConnect: Promise<unknown> | undefined;
    client.onState((state) => {
      if (state === 'connected') foundAtConnect = client.exists('/mine');
    });
    await ensemble.pass(2000);
    expect(states).toEqual(['connected', 'suspended', 'lost', 'connected']);
    expect(await foundAtConnect).toBeUndefined();
  });

  it('finds a new session on a server that lost everything', async () => {
    await ensemble.result(client.create('/a'));
    ensemble.restart({ empty: true });
    await ensemble.pass(10_000);
    expect(states).toEqual(['connected', 'suspended', 'lost', 'connected']);
    expect(await ensemble.result(client.exists('/a'))).toBeUndefined();
  });

  it('yields its states, and ends with closed', async () => {
    const seen: ConnectionState[] = [];
    const reading = (async () => {
      for await (const state of client.states()) seen.push(state);
    })();
    await ensemble.settle();
    ensemble.drop(client);
    await ensemble.pass(1000);
    await ensemble.result(client.close());
    await reading;
    expect(seen).toEqual(['suspended', 'reconnected', 'closed']);
  });

  it('survives a listener that throws', async () => {
    const lines: string[] = [];
    const other = await ensemble.connect({ logger: (level, message) => lines.push(`${level}: ${message}`) });
    other.onState(() => {
      throw new Error('a listener');
    });
    ensemble.drop(other);
    await ensemble.pass(1000);
    expect(other.state).toBe('reconnected');
    expect(lines).toContain('error: a listener of connection states has thrown');
  });
});

describe('closing', () => {
  it('ends the session on the server', async () => {
    await ensemble.result(client.create('/mine', null, { mode: 'ephemeral' }));
    const other = await ensemble.connect();
    await ensemble.result(client.close());
    expect(await ensemble.result(other.exists('/mine'))).toBeUndefined();
    expect(client.state).toBe('closed');
  });

  it('answers what was asked before, refuses what is asked after, and may be repeated', async () => {
    const before = client.create('/before');
    const closed = client.close();
    const after = client.create('/after');
    await expect(ensemble.result(after)).rejects.toBeInstanceOf(ClientClosedError);
    expect(await before).toBe('/before');
    await closed;
    await client.close();
  });

  it('does not wait for a server that is away', async () => {
    ensemble.stop();
    const refused = expect(client.get('/')).rejects.toBeInstanceOf(ClientClosedError);
    await ensemble.pass(10);
    await ensemble.result(client.close());
    await refused;
  });

  it('gives a server that does not answer two seconds', async () => {
    ensemble.silence(client);
    let isClosed = false;
    void client.close().then(() => (isClosed = true));
    await ensemble.pass(1900);
    expect(isClosed).toBe(false);
    await ensemble.pass(200);
    expect(isClosed).toBe(true);
  });

  it('within a listener of states stops everything', async () => {
    client.onState((state) => {
      if (state === 'suspended' || state === 'lost') void client.close();
    });
    ensemble.expire(client);
    await ensemble.pass(10_000);
    expect(states).toEqual(['connected', 'suspended', 'closed']);
  });
});

describe('waiting for a connection', () => {
  it('ends when the signal says so', async () => {
    ensemble.stop();
    const reason = new Error('no patience');
    const stop = new AbortController();
    const waiting = ensemble.client().connected({ signal: stop.signal });
    await ensemble.pass(1000);
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it('goes on for as long as it takes', async () => {
    ensemble.stop();
    const other = ensemble.client();
    const waiting = other.connected();
    await ensemble.pass(60_000);
    ensemble.restart();
    await ensemble.pass(2000);
    await waiting;
    expect(other.state).toBe('connected');
  });
});

describe('a lost connection', () => {
  it('makes a write under way fail, because nobody knows its outcome', async () => {
    const writing = client.create('/a');
    ensemble.timers.runDeferred();
    ensemble.drop(client);
    await expect(ensemble.result(writing)).rejects.toBeInstanceOf(ConnectionLossError);
  });

  it('keeps a write that was not sent', async () => {
    ensemble.cut(client);
    await ensemble.settle();
    const writing = client.create('/a');
    ensemble.heal(client);
    await ensemble.pass(2000);
    expect(await writing).toBe('/a');
  });

  it('repeats reads by itself, in their order', async () => {
    await ensemble.result(client.create('/a', 'x'));
    const order: number[] = [];
    const reading = [1, 2, 3].map(async (n) => {
      await client.get('/a');
      order.push(n);
    });
    ensemble.timers.runDeferred();
    ensemble.drop(client);
    await ensemble.pass(2000);
    await Promise.all(reading);
    expect(order).toEqual([1, 2, 3]);
  });

  it('ends what waits when the session is lost with it', async () => {
    ensemble.cut(client);
    await ensemble.settle();
    const reading = ensemble.result(client.get('/'));
    const failed = expect(reading).rejects.toBeInstanceOf(SessionExpiredError);
    await ensemble.pass(5000);
    await failed;
  });

  it('takes requests after the loss into the next session', async () => {
    ensemble.cut(client);
    await ensemble.pass(5000);
    expect(client.state).toBe('lost');
    const reading = client.children('/');
    ensemble.heal(client);
    await ensemble.pass(2000);
    expect(await reading).toEqual(['zookeeper']);
  });
});
