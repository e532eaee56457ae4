import { afterEach, describe, expect, it } from '@jest/globals';
import { ServiceClient, type ServiceClientSettings, type ServicePool } from '@corral/nest';
import { NoInstanceError, type Pick, type PickOptions, type ServiceInstance } from '@corral/registry';
import { until } from '../until.js';
import { type IncomingMessage, TcpService } from './tcp-service.js';

/** A pool that takes its instances in turn. */
class TurnPool implements ServicePool {
  readonly outcomes: string[] = [];
  instances: readonly ServiceInstance[] = [];
  #turn = 0;
  #listener: (() => void) | undefined;

  set(ports: readonly number[]): void {
    this.instances = ports.map((port, i) => ({
      ...{ service: 'greeter', id: `i${i}`, address: '127.0.0.1', port },
      ...{ status: 'UP', health: 'unknown', serviceType: 'DYNAMIC' },
      ...{ metadata: {}, weight: 1, registeredAtMs: 0 },
    }));
    this.#listener?.();
  }

  async ready(): Promise<void> {}

  pick({ exclude }: PickOptions = {}): Pick {
    const candidates = this.instances.filter(({ id }) => exclude?.has(id) !== true);
    const instance = candidates[this.#turn++ % candidates.length];
    if (instance === undefined) throw new NoInstanceError('greeter', this.instances.length);
    return { instance, done: (outcome) => this.outcomes.push(`${instance.id} ${outcome}`) };
  }

  onChange(listener: () => void): () => void {
    this.#listener = listener;
    return () => (this.#listener = undefined);
  }

  close(): void {}
}

const services: TcpService[] = [];
const clients: ServiceClient[] = [];

async function serve(onMessage: (message: IncomingMessage) => void): Promise<{ service: TcpService; port: number }> {
  const service = new TcpService(onMessage);
  services.push(service);
  return { service, port: await service.listen() };
}

function clientOf(ports: readonly number[], settings: ServiceClientSettings = {}) {
  const pool = new TurnPool();
  const client = new ServiceClient('greeter', pool, settings);
  clients.push(client);
  pool.set(ports);
  /** All answers to one message, or the error. */
  const send = (pattern: string, data: unknown): Promise<unknown[]> =>
    new Promise((resolve, reject) => {
      const answers: unknown[] = [];
      client
        .send(pattern, data)
        .subscribe({ next: (one) => answers.push(one), error: reject, complete: () => resolve(answers) });
    });
  return { client, pool, send };
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const service of services.splice(0)) await service.die();
});

describe("a client of a service, over Nest's TCP transport", () => {
  it('gets answers, streams of answers and errors, on one connection', async () => {
    const { service, port } = await serve((message) => {
      if (message.pattern === 'refuse') return message.refuse({ status: 'error', message: 'no' });
      message.answer(`${String(message.data)} 1`, message.pattern === 'greet');
      if (message.pattern === 'count') message.answer(`${String(message.data)} 2`);
    });
    const { send } = clientOf([port]);
    const answers = await Promise.allSettled([send('greet', 'hello'), send('count', 'sheep'), send('refuse', 'x')]);
    expect(answers).toEqual([
      { status: 'fulfilled', value: ['hello 1'] },
      { status: 'fulfilled', value: ['sheep 1', 'sheep 2'] },
      { status: 'rejected', reason: { status: 'error', message: 'no' } },
    ]);
    expect(service.sockets.size).toBe(1);
  });

  it('turns to another instance when one has died', async () => {
    const first = await serve((message) => message.answer('first'));
    const second = await serve((message) => message.answer('second'));
    const { send, pool } = clientOf([first.port, second.port]);
    expect([await send('greet', {}), await send('greet', {})]).toEqual([['first'], ['second']]);
    await first.service.die();
    await until(
      'the connection is seen to be cut',
      async () => send('greet', {}),
      ([who]) => who === 'second',
    );
    expect([await send('greet', {}), await send('greet', {})]).toEqual([['second'], ['second']]);
    expect(pool.outcomes).toContain('i0 failure');
  });

  it('fails what an instance took with it, and does not send it again', async () => {
    let received = 0;
    const dying: TcpService = new TcpService(() => {
      received += 1;
      void dying.die();
    });
    services.push(dying);
    const second = await serve(() => (received += 1));
    const { send } = clientOf([await dying.listen(), second.port]);
    await expect(send('greet', {})).rejects.toThrow('Connection closed');
    expect(received).toBe(1);
  });

  it('does not wait for an instance that says nothing', async () => {
    const { port } = await serve(() => undefined);
    const { send } = clientOf([port], { timeoutMs: 50 });
    await expect(send('greet', {})).rejects.toThrow(`greeter at 127.0.0.1:${port} did not answer within 50 ms`);
  });

  it('lets a connection to an instance that has left end with its last answer', async () => {
    let pending: IncomingMessage | undefined;
    const { service, port } = await serve((message) => (pending = message));
    const { send, pool } = clientOf([port]);
    const answer = send('greet', {});
    const message = await until(
      'the message',
      async () => pending,
      (seen) => seen !== undefined,
    );
    pool.set([]);
    expect(service.sockets.size).toBe(1);
    message?.answer('goodbye');
    expect(await answer).toEqual(['goodbye']);
    await until(
      'the end of the connection',
      async () => service.sockets.size,
      (size) => size === 0,
    );
  });

  it('sends events', async () => {
    const events: unknown[] = [];
    const { port } = await serve(({ pattern, data, id }) => events.push([pattern, data, id]));
    const { client } = clientOf([port]);
    client.emit('sold', { sku: 'hat' });
    await until(
      'the event',
      async () => events,
      ({ length }) => length === 1,
    );
    expect(events).toEqual([['sold', { sku: 'hat' }, undefined]]);
  });
});
