import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { lastValueFrom, type Observable, toArray } from 'rxjs';
import { ManualTimers } from './manual-timers.fake.js';
import { ServiceClient, type ServiceClientSettings } from './service-client.js';
import { FakeLink, FakePool } from './service-client.fake.js';

const a = { id: 'a', address: '10.0.0.1', port: 4000 };
const b = { id: 'b', address: '10.0.0.2', port: 4000 };

function build(settings: ServiceClientSettings = {}) {
  const pool = new FakePool();
  const timers = new ManualTimers();
  const links: FakeLink[] = [];
  const refusing = new Set<string>();
  const makeLink = (where: FakeLink['where']): FakeLink => {
    const link = new FakeLink(where);
    link.isRefusing = refusing.has(where.id);
    links.push(link);
    return link;
  };
  const client = new ServiceClient('pricing', pool, { timeoutMs: 500, ...settings }, { makeLink, timers });
  pool.set(a, b);
  return { pool, timers, links, refusing, client };
}

/** Everything that is answered, or what went wrong. */
function outcomeOf(answers: Observable<unknown>): Promise<unknown> {
  const outcome = lastValueFrom(answers.pipe(toArray())).catch((error: unknown) => error);
  return outcome;
}

describe('a client of a service', () => {
  it('sends each message to an instance of the registry, over one connection per instance', async () => {
    const { client, links, pool } = build();
    const outcomes = [1, 2, 3].map((data) => outcomeOf(client.send('price', data)));
    await turn();
    expect(links.map(({ where, requests }) => [where.id, requests.map(({ packet }) => packet)])).toEqual([
      [
        'a',
        [
          { pattern: 'price', data: 1 },
          { pattern: 'price', data: 3 },
        ],
      ],
      ['b', [{ pattern: 'price', data: 2 }]],
    ]);
    for (const link of links) {
      for (const { packet, answer } of link.requests) answer({ response: `${packet.data} euro`, isDisposed: true });
    }
    expect(await Promise.all(outcomes)).toEqual([['1 euro'], ['2 euro'], ['3 euro']]);
    expect(pool.outcomes).toEqual(['a success', 'a success', 'b success']);
  });

  it('hands on every answer of a stream until the last', async () => {
    const { client, links, timers } = build();
    const outcome = outcomeOf(client.send('watch', {}));
    await turn();
    links[0]?.requests[0]?.answer({ response: 1 });
    timers.pass(499);
    links[0]?.requests[0]?.answer({ response: 2 });
    timers.pass(499);
    links[0]?.requests[0]?.answer({ isDisposed: true });
    expect(await outcome).toEqual([1, 2]);
    expect(timers.pending).toBe(0);
  });

  it('sends events, and needs no answer to them', async () => {
    const { client, links, pool } = build();
    await lastValueFrom(client.emit('sold', { sku: 'hat' }), { defaultValue: undefined });
    expect(links[0]?.events).toEqual([{ pattern: 'sold', data: { sku: 'hat' } }]);
    expect(pool.outcomes).toEqual(['a success']);
  });

  it('takes another instance when there is no connection, because nothing was sent', async () => {
    const { client, links, refusing, pool } = build();
    refusing.add('a');
    const outcome = outcomeOf(client.send('price', 1));
    await turn();
    links[1]?.requests[0]?.answer({ response: 'from b', isDisposed: true });
    expect(await outcome).toEqual(['from b']);
    expect(pool.outcomes).toEqual(['a failure', 'b success']);
  });

  it('names those it tried when there is no connection to any', async () => {
    const { client, refusing } = build();
    refusing.add('a').add('b');
    expect(await outcomeOf(client.send('price', 1))).toMatchObject({
      name: 'ServiceUnreachableError',
      message: 'no connection to any instance of pricing; tried 10.0.0.1:4000, 10.0.0.2:4000',
    });
  });

  it('says so when nobody offers the service', async () => {
    const { client, pool } = build();
    pool.set();
    expect(await outcomeOf(client.send('price', 1))).toMatchObject({
      name: 'NoInstanceError',
      message: 'service pricing has no instance',
    });
  });

  it('gives up on an instance that says nothing, and does not send again', async () => {
    const { client, links, timers, pool } = build();
    const outcome = outcomeOf(client.send('price', 1));
    await turn();
    timers.pass(500);
    expect(await outcome).toMatchObject({ message: 'pricing at 10.0.0.1:4000 did not answer within 500 ms' });
    expect(links).toHaveLength(1);
    expect(pool.outcomes).toEqual(['a failure']);
    links[0]?.requests[0]?.answer({ response: 'too late', isDisposed: true });
  });

  it("takes a service's own error for an answer: the instance is well", async () => {
    const { client, links, pool } = build();
    const outcome = outcomeOf(client.send('price', 1));
    await turn();
    links[0]?.requests[0]?.answer({ err: { status: 'error', message: 'no such hat' }, isDisposed: true });
    expect(await outcome).toEqual({ status: 'error', message: 'no such hat' });
    expect(pool.outcomes).toEqual(['a success']);
  });

  it('fails what was under way on a connection that is lost', async () => {
    const { client, links, pool } = build();
    const outcome = outcomeOf(client.send('price', 1));
    await turn();
    links[0]?.close();
    expect(await outcome).toMatchObject({ message: 'Connection closed' });
    expect(pool.outcomes).toEqual(['a failure']);
  });

  it('listens no longer when the caller walks away, and blames nobody', async () => {
    const { client, links, pool, timers } = build();
    const subscription = client.send('price', 1).subscribe();
    await turn();
    subscription.unsubscribe();
    expect(links[0]?.requests[0]?.isAbandoned).toBe(true);
    expect(pool.outcomes).toEqual(['a ignored']);
    expect(timers.pending).toBe(0);
  });

  it('keeps together what has one key', async () => {
    const { client, links } = build({ keyOf: (_pattern, data) => (data as { customer: string }).customer });
    for (let count = 0; count < 3; count += 1) client.send('price', { customer: 'b' }).subscribe();
    await turn();
    expect(links.map(({ where, requests }) => [where.id, requests.length])).toEqual([['b', 3]]);
  });

  it('finds the port of the transport where a service says it', async () => {
    const { client, links } = build({ portOf: ({ id }) => (id === 'a' ? undefined : 5000) });
    client.send('price', 1).subscribe();
    await turn();
    expect(links.map(({ where }) => where)).toEqual([{ ...b, port: 5000 }]);
  });
});

describe('a connection', () => {
  it('to an instance that has left closes when its last answer is in', async () => {
    const { client, links, pool } = build();
    const outcome = outcomeOf(client.send('price', 1));
    await turn();
    pool.set(b);
    expect(links[0]?.isClosed).toBe(false);
    links[0]?.requests[0]?.answer({ response: 'bye', isDisposed: true });
    expect(await outcome).toEqual(['bye']);
    expect(links[0]?.isClosed).toBe(true);
  });

  it('to an instance that has left and has nothing under way closes at once', async () => {
    const { client, links, pool } = build();
    await lastValueFrom(client.emit('sold', {}), { defaultValue: undefined });
    pool.set(b);
    expect(links[0]?.isClosed).toBe(true);
  });

  it('is made anew when an instance has moved', async () => {
    const { client, links, pool } = build();
    pool.set(a);
    client.emit('sold', {});
    await turn();
    pool.set({ ...a, port: 4001 });
    client.emit('sold', {});
    await turn();
    expect(links.map(({ where, isClosed }) => [where.port, isClosed])).toEqual([
      [4000, true],
      [4001, false],
    ]);
  });

  it('closes with the application, and so does the pool', async () => {
    const { client, links, pool } = build();
    const outcome = outcomeOf(client.send('price', 1));
    await turn();
    client.onApplicationShutdown();
    expect(await outcome).toMatchObject({ message: 'Connection closed' });
    expect([links[0]?.isClosed, pool.isClosed]).toEqual([true, true]);
  });

  it.each([
    [{ timeoutMs: '5s' }, 'the client of pricing: timeoutMs: must be a whole number from 1 to 2147483647, not "5s"'],
    [{ connectTimeoutMs: 0 }, 'the client of pricing: connectTimeoutMs: must be a whole number from 1 '],
    [{ attemptsMax: 1.5 }, 'the client of pricing: attemptsMax: must be a whole number from 1 '],
    [{ keyOf: 'userId' }, 'the client of pricing: keyOf: must be a function, not string'],
  ])('is refused with the settings %j', (settings, message) => {
    expect(() => build(settings as unknown as ServiceClientSettings)).toThrow(message);
  });
});
