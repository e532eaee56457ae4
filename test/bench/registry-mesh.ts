/**
 * How fast the registry is: a coordinator that syncs every write, ten clients that register all instances, and one that watches all
 * services, in this one process; those that die are processes of their own. Prints one line of JSON.
 *
 *   node test/dist/bench/registry-mesh.js --instances 10000 --services 100 --dir /var/tmp
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from '@corral/client';
import { type Registration, Registry } from '@corral/registry';
import { startCoordinator } from './embedded-coordinator.js';
import { percentile } from './statistics.js';

const REGISTRARS = 10;
const LEAVES = 300;
const DEATHS = 3;
const SESSION_TIMEOUT_MS = 4000;

/** What the program prints. */
export interface RegistryMeshResult {
  readonly instances: number;
  readonly services: number;
  readonly registrationsPerSecond: number;
  /** From the first call of `watch` to the full state of the last service, on a new client. */
  readonly coldWatchMs: number;
  /** From the call of `leave` to the update of a watcher. */
  readonly leaveP50Ms: number;
  readonly leaveP99Ms: number;
  /** From `kill -9` to the update of a watcher, less the session timeout; the longest. Below zero, because the timeout counts from the last ping. */
  readonly deathOverTimeoutMs: number;
}

const serviceOf = (i: number, services: number): string => `service-${String(i % services).padStart(3, '0')}`;

async function register(connect: string, instances: number, services: number) {
  const registrations: Registration[] = [];
  const registries: Registry[] = [];
  for (let i = 0; i < REGISTRARS; i += 1) registries.push(new Registry(await Client.connect({ connect })));
  const one = (i: number): Promise<Registration> =>
    registries[i % REGISTRARS]!.register({
      service: serviceOf(i, services),
      id: `instance-${i}`,
      address: '10.0.0.1',
      port: 8080,
      zone: `zone-${i % 3}`,
      version: '1.4.2',
      metadata: { team: 'shop', commit: '5fca750' },
    });
  const startMs = performance.now();
  registrations.push(...(await Promise.all(Array.from({ length: instances }, (_, i) => one(i)))));
  return { registrations, perSecond: (instances * 1000) / (performance.now() - startMs) };
}

async function coldWatch(connect: string, instances: number, services: number) {
  const registry = new Registry(await Client.connect({ connect }));
  const startMs = performance.now();
  let seen = 0;
  const firsts = Array.from({ length: services }, async (_, i) => {
    for await (const update of registry.watch(serviceOf(i, services))) {
      if (update.kind === 'full') seen += update.instances.length;
      return;
    }
  });
  await Promise.all(firsts);
  const tookMs = performance.now() - startMs;
  if (seen !== instances) throw new Error(`the watches saw ${seen} of ${instances} instances`);
  await registry.close();
  return tookMs;
}

/** Resolves with the time at which the watcher hears that the instance is gone. */
async function gone(registry: Registry, service: string, id: string, isReady: () => void): Promise<number> {
  for await (const update of registry.watch(service)) {
    if (update.kind === 'full') isReady();
    else if (update.removed.includes(id)) return performance.now();
  }
  throw new Error('the watch ended');
}

async function leave(watcher: Registry, registration: Registration): Promise<number> {
  const { service, id } = registration.instance;
  let ready = (): void => undefined;
  const isReady = new Promise<void>((resolve) => (ready = resolve));
  const isGone = gone(watcher, service, id, ready);
  await isReady;
  const startMs = performance.now();
  await registration.leave();
  return (await isGone) - startMs;
}

async function die(watcher: Registry, connect: string, id: string): Promise<number> {
  const victim = fork(fileURLToPath(import.meta.url), ['--victim', id, '--connect', connect]);
  await new Promise((resolve) => victim.once('message', resolve));
  let ready = (): void => undefined;
  const isReady = new Promise<void>((resolve) => (ready = resolve));
  const isGone = gone(watcher, 'mortal', id, ready);
  await isReady;
  const startMs = performance.now();
  victim.kill('SIGKILL');
  return (await isGone) - startMs - SESSION_TIMEOUT_MS;
}

async function beVictim(connect: string, id: string): Promise<void> {
  const client = await Client.connect({ connect, sessionTimeoutMs: SESSION_TIMEOUT_MS });
  await new Registry(client).register({ service: 'mortal', id, address: '10.0.0.1', port: 80 });
  process.send?.('registered');
}

async function measure(connect: string, instances: number, services: number): Promise<RegistryMeshResult> {
  const { registrations, perSecond } = await register(connect, instances, services);
  const coldWatchMs = await coldWatch(connect, instances, services);
  const watcher = new Registry(await Client.connect({ connect }));
  const leaves: number[] = [];
  for (const registration of registrations.slice(0, LEAVES)) leaves.push(await leave(watcher, registration));
  const deaths: number[] = [];
  for (let i = 0; i < DEATHS; i += 1) deaths.push(await die(watcher, connect, `victim-${i}`));
  return {
    instances,
    services,
    registrationsPerSecond: perSecond,
    coldWatchMs,
    leaveP50Ms: percentile(leaves, 50),
    leaveP99Ms: percentile(leaves, 99),
    deathOverTimeoutMs: Math.max(...deaths),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      instances: { type: 'string', default: '10000' },
      services: { type: 'string', default: '100' },
      dir: { type: 'string', default: tmpdir() },
      victim: { type: 'string' },
      connect: { type: 'string', default: '' },
    },
  });
  if (values.victim !== undefined) return beVictim(values.connect, values.victim);
  const directory = mkdtempSync(join(values.dir, 'corral-registry-'));
  try {
    const connect = await startCoordinator(directory);
    const result = await measure(connect, Number(values.instances), Number(values.services));
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  process.exit(0);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
