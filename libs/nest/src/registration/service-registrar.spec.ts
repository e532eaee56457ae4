import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { HttpAdapterHost } from '@nestjs/core';
import { ManualTimers } from '../clients/manual-timers.fake.js';
import type { ServiceOptions } from './service-options.js';
import { ServiceRegistrar } from './service-registrar.js';
import { FakeRegistry } from './service-registrar.fake.js';

/** A server that is not there yet; the test makes it listen. */
class FakeServer {
  listening = { address: '::', family: 'IPv6', port: 41_234 };
  listen(): void {}
  address(): unknown {
    return this.listening;
  }
}

function build(options: ServiceOptions | undefined, { isHttp = true } = {}) {
  const registry = new FakeRegistry();
  const timers = new ManualTimers();
  const http = new HttpAdapterHost();
  const server = new FakeServer();
  const lines: string[] = [];
  if (isHttp) http.httpAdapter = { getHttpServer: () => server } as unknown as AbstractHttpAdapter;
  const registrar = new ServiceRegistrar(options, {
    registry,
    timers,
    http,
    addressTowardsEnsemble: async () => '172.18.0.5',
    log: (level, message) => lines.push(`${level}: ${message}`),
  });
  return { registry, timers, http, server, lines, registrar };
}

describe('the registration of a process', () => {
  it('happens when the HTTP server listens, not before, under the port that it got', async () => {
    const { registrar, registry, http } = build({ name: 'pricing', version: '1.0', metadata: { team: 'shop' } });
    registrar.onApplicationBootstrap();
    await turn();
    expect([registrar.state, registry.registered]).toEqual(['waiting', []]);
    http.listening = true;
    await turn();
    expect(registry.registered).toEqual([
      { service: 'pricing', address: '172.18.0.5', port: 41_234, version: '1.0', metadata: { team: 'shop' } },
    ]);
    expect(registrar.state).toBe('registered');
  });

  it('believes the address and the port it is given', async () => {
    const { registrar, registry, http } = build({ name: 'pricing', address: 'shop.example.org', port: 80 });
    registrar.onApplicationBootstrap();
    http.listening = true;
    await turn();
    expect(registry.registered).toEqual([{ service: 'pricing', address: 'shop.example.org', port: 80 }]);
  });

  it('names loopback only for a server that listens nowhere else', async () => {
    const { registrar, registry, server } = build({ name: 'pricing' });
    server.listening = { address: '127.0.0.1', family: 'IPv4', port: 7 };
    await registrar.register(server as never);
    expect(registry.registered).toEqual([{ service: 'pricing', address: '127.0.0.1', port: 7 }]);
  });

  it('waits for main.ts where there is no HTTP', async () => {
    const { registrar, registry } = build({ name: 'worker' }, { isHttp: false });
    registrar.onApplicationBootstrap();
    await turn();
    expect(registry.registered).toEqual([]);
    await registrar.register({ port: 9 });
    await registrar.register({ port: 10 });
    expect(registry.registered).toEqual([{ service: 'worker', address: '172.18.0.5', port: 9 }]);
  });

  it('does not hold up the service while the ensemble is away, and says so', async () => {
    const { registrar, registry, http, lines, timers } = build({ name: 'pricing' });
    registry.hold();
    registrar.onApplicationBootstrap();
    http.listening = true;
    await turn();
    timers.pass(3000);
    expect(registrar.state).toBe('registering');
    expect(lines).toEqual(['warn: the ensemble is away: pricing works, and is registered when it is back']);
    registry.letPass();
    await turn();
    expect([registrar.state, lines.at(-1)]).toEqual(['registered', 'info: registered as pricing at 172.18.0.5:41234']);
    expect(timers.pending).toBe(0);
  });

  it('may be tried again after a failure', async () => {
    const { registrar, registry, lines } = build({ name: 'pricing' });
    registry.refusal = new Error('not authorized');
    await expect(registrar.register({ port: 1 })).rejects.toThrow('not authorized');
    expect([registrar.state, lines]).toEqual(['waiting', []]);
    registry.refusal = undefined;
    await registrar.register({ port: 1 });
    expect(registrar.state).toBe('registered');
  });

  it('is tried again by itself when it was announced and the ensemble refuses it, until the application ends', async () => {
    const { registrar, registry, lines, timers } = build({ name: 'pricing' });
    registry.refusal = new Error('not authorized');
    registrar.announce({ port: 1 });
    await turn();
    const line = 'error: pricing is not registered, and is tried again: not authorized';
    expect([registrar.state, lines]).toEqual(['waiting', [line]]);
    timers.pass(5000);
    await turn();
    expect(lines).toEqual([line, line]);
    registry.refusal = undefined;
    timers.pass(5000);
    await turn();
    expect(registrar.state).toBe('registered');
    const other = build({ name: 'pricing' });
    other.registry.refusal = new Error('not authorized');
    other.registrar.announce({ port: 1 });
    await turn();
    await other.registrar.beforeApplicationShutdown();
    expect(other.timers.pending).toBe(0);
  });

  it.each([
    [{}, 'registerService.name: must be a string, not undefined'],
    [{ name: 'a/b' }, 'registerService.name: must be no path, not "a/b"'],
    [{ name: 'pricing', weight: -1 }, 'registerService.weight: must be a number from 0 to 1000000, not -1'],
    [{ name: 'pricing', check: { kind: 'ping' } }, 'registerService.check.kind: must be one of http, tcp, grpc'],
    [{ name: 'pricing', drainGraceMs: '1s' }, 'registerService.drainGraceMs: must be a whole number from 0 to 3600000'],
    [{ name: 'pricing', leaveTimeoutMs: 0 }, 'registerService.leaveTimeoutMs: must be a whole number from 1 to '],
  ])('is refused at start when it is %j', (options, message) => {
    expect(() => build(options as unknown as ServiceOptions)).toThrow(message);
  });

  it('is on its way again after its session was lost', async () => {
    const { registrar, registry } = build({ name: 'pricing' });
    await registrar.register({ port: 1 });
    expect(registrar.state).toBe('registered');
    registry.isRegistered = false;
    expect(registrar.state).toBe('registering');
  });

  it('is nobody’s business where no service is declared', async () => {
    const { registrar, registry, http } = build(undefined);
    registrar.onApplicationBootstrap();
    http.listening = true;
    await turn();
    await registrar.beforeApplicationShutdown();
    expect([registrar.state, registry.registered, registry.calls]).toEqual(['none', [], []]);
  });
});

describe('a shutdown', () => {
  it('drains and leaves while the server still answers', async () => {
    const { registrar, registry } = build({ name: 'pricing', drainGraceMs: 250 });
    await registrar.register({ port: 1 });
    await registrar.beforeApplicationShutdown();
    expect([registry.calls, registrar.state]).toEqual([['drain 250'], 'left']);
  });

  it('ends a registration that is still waiting for the ensemble', async () => {
    const { registrar, registry, http, lines } = build({ name: 'pricing' });
    registry.hold();
    registrar.onApplicationBootstrap();
    http.listening = true;
    await turn();
    await registrar.beforeApplicationShutdown();
    registry.letPass();
    await turn();
    expect([registry.registered, registry.calls]).toEqual([[], []]);
    expect(lines).toEqual([]);
  });

  it('goes on without the ensemble when leaving takes too long', async () => {
    const { registrar, registry, timers, lines } = build({ name: 'pricing', leaveTimeoutMs: 3000 });
    await registrar.register({ port: 1 });
    registry.hold();
    const stopped = registrar.beforeApplicationShutdown();
    timers.pass(3000);
    await stopped;
    expect(lines.at(-1)).toBe(
      'warn: the registration is left to the end of the session: leaving took longer than 3000 ms',
    );
  });
});
