/** Instances that keep failing, as the client of a Nest service meets them: processes that hang, and processes that cut connections. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@corral/client';
import { ServiceClient } from '@corral/nest';
import { Registry } from '@corral/registry';
import { firstValueFrom } from 'rxjs';
import { type RunningServer, startCorral } from '../../interop/harness/index.js';
import { until } from '../until.js';
import { GreeterProcess } from './greeter-process.js';

/** In turn, three instances would be asked ten times each. */
const CALLS_IN_A_ROW = 30;

describe('an instance that keeps failing', () => {
  let server: RunningServer;
  let client: Client;
  let greeters: GreeterProcess[];
  let greeter: ServiceClient;

  beforeAll(async () => {
    server = await startCorral();
    const connect = `127.0.0.1:${server.clientPort}`;
    client = new Client({ connect });
    const registry = new Registry(client);
    greeters = await Promise.all([GreeterProcess.start(), GreeterProcess.start(), GreeterProcess.start()]);
    // Their registrations are this process's, so that they stay whatever becomes of the instances.
    for (const { pid, port } of greeters) {
      await registry.register({ service: 'greeter', id: `${pid}`, address: '127.0.0.1', port });
    }
    const pool = registry.pool('greeter', {
      strategy: 'round-robin',
      ejection: { consecutiveFailures: 3, baseMs: 3_000 },
    });
    greeter = new ServiceClient('greeter', pool, { timeoutMs: 1_000 });
  }, 60_000);

  afterAll(async () => {
    greeter?.close();
    await Promise.all((greeters ?? []).map((one) => one.stop()));
    await client?.close();
    await server?.stop();
  });

  const greet = (): Promise<number> => firstValueFrom(greeter.send<number>('greet', {}));

  /** Who answers when it is called many times. @throws the first error */
  async function whoAnswers(): Promise<Set<number>> {
    const seen = new Set<number>();
    for (let call = 0; call < CALLS_IN_A_ROW; call += 1) seen.add(await greet());
    return seen;
  }

  it.each<[string, NodeJS.Signals, NodeJS.Signals]>([
    ['says nothing', 'SIGSTOP', 'SIGCONT'],
    ['cuts its connections', 'SIGUSR2', 'SIGUSR2'],
  ])('rests while it %s: all calls are answered by the others, until it is well again', async (_how, fail, recover) => {
    const [failing] = greeters;
    if (failing === undefined) throw new Error('nobody greets');
    await until('all take part', whoAnswers, ({ size }) => size === 3);
    failing.signal(fail);
    await until(
      'it fails a call',
      () =>
        greet().then(
          () => 'answered',
          () => 'failed',
        ),
      (outcome) => outcome === 'failed',
    );
    const others = await until('all calls in a row are answered', whoAnswers, ({ size }) => size > 0);
    expect([...others].sort()).toEqual(
      greeters
        .slice(1)
        .map(({ pid }) => pid)
        .sort(),
    );
    failing.signal(recover);
    await until('it takes part again', whoAnswers, (seen) => seen.has(failing.pid));
  });
});
