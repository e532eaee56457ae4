/**
 * How fast a release reaches its subscribers: a coordinator that syncs every write, a publisher, and as many clients as asked for, each
 * with a session and a connection of its own, all in this one process. The publisher and the clients have a thread of their own, as they have
 * one or a thousand of their own elsewhere; `--one-thread` puts them into the coordinator's event loop. Prints one line of JSON.
 *
 *   node test/dist/bench/release-fanout.js --clients 1000 --rounds 10 --dir /var/tmp
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Client } from '@corral/client';
import { ConfigStore, ConfigSubscription } from '@corral/live-config';
import { startCoordinator } from './embedded-coordinator.js';
import { percentile } from './statistics.js';

const SCOPE = { namespace: 'bench', application: 'fanout' };
const SESSION_TIMEOUT_MS = 30_000;
const QUIET_MS = 600;
const CONNECTS_AT_ONCE = 50;

/** What the program prints. */
export interface ReleaseFanoutResult {
  readonly clients: number;
  readonly releases: number;
  /** From the call of `publish` to the handler of a subscriber, over all subscribers and releases. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** CPU of this whole process from the call of `publish` to the last handler; median over the releases. */
  readonly cpuMs: number;
  /** From the call of `publish` to the return of one that waits for all subscribers; median over the releases. */
  readonly acknowledgedMs: number;
}

const document = (round: number): string =>
  `round: ${round}\nserver:\n  port: 8080\n  host: 0.0.0.0\nlimits:\n  requests: 100\n  burst: ${round}\nfeatures: [search, cart]\n`;

const cpuOf = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;

async function measure({ connect, clients, rounds }: Task): Promise<ReleaseFanoutResult> {
  const publisher = new ConfigStore(await Client.connect({ connect }));
  let receivedMs: number[] = [];
  let cpuAtLast = process.cpuUsage();
  const subscriptions: ConfigSubscription[] = [];
  for (let i = 0; i < clients; i += CONNECTS_AT_ONCE) {
    const some = Array.from({ length: Math.min(CONNECTS_AT_ONCE, clients - i) }, async (_, j) => {
      const client = await Client.connect({ connect, sessionTimeoutMs: SESSION_TIMEOUT_MS });
      const subscription = new ConfigSubscription(client, { target: SCOPE, instanceId: `instance-${i + j}` });
      await subscription.ready();
      subscription.onChange(() => {
        receivedMs.push(performance.now());
        if (receivedMs.length === clients) cpuAtLast = process.cpuUsage();
      });
      subscriptions.push(subscription);
    });
    await Promise.all(some);
  }
  const latenciesMs: number[] = [];
  const acknowledgedMs: number[] = [];
  const cpuMs: number[] = [];
  // The first rounds compile what is hot.
  const warmup = 3;
  for (let round = -warmup; round < rounds; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    receivedMs = [];
    const startMs = performance.now();
    const cpuAtStart = process.cpuUsage();
    const change = { name: 'main', format: 'yaml', content: document(round) } as const;
    const { acknowledgement } = await publisher.publish(
      { scope: SCOPE, changes: [change], author: 'bench' },
      { wait: { share: 1, timeoutMs: 30_000 } },
    );
    const endMs = performance.now();
    if (receivedMs.length !== clients || acknowledgement?.acknowledged !== clients) {
      throw new Error(
        `release ${round}: ${receivedMs.length} of ${clients} received it: ${JSON.stringify(acknowledgement)}`,
      );
    }
    if (round < 0) continue;
    latenciesMs.push(...receivedMs.map((atMs) => atMs - startMs));
    acknowledgedMs.push(endMs - startMs);
    cpuMs.push(cpuOf(cpuAtLast) - cpuOf(cpuAtStart));
  }
  return {
    clients,
    releases: rounds,
    p50Ms: percentile(latenciesMs, 50),
    p99Ms: percentile(latenciesMs, 99),
    maxMs: percentile(latenciesMs, 100),
    cpuMs: percentile(cpuMs, 50),
    acknowledgedMs: percentile(acknowledgedMs, 50),
  };
}

/** What the thread of the clients is told. */
interface Task {
  readonly connect: string;
  readonly clients: number;
  readonly rounds: number;
}

/** Measures in a thread of its own. */
async function measureApart(task: Task): Promise<ReleaseFanoutResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: task });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      clients: { type: 'string', default: '1000' },
      rounds: { type: 'string', default: '10' },
      dir: { type: 'string', default: tmpdir() },
      'one-thread': { type: 'boolean', default: false },
    },
  });
  const directory = mkdtempSync(join(values.dir, 'corral-fanout-'));
  try {
    const connect = await startCoordinator(directory);
    const task = { connect, clients: Number(values.clients), rounds: Number(values.rounds) };
    const result = await (values['one-thread'] ? measure(task) : measureApart(task));
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

if (isMainThread) {
  main().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
} else {
  parentPort!.postMessage(await measure(workerData as Task));
}
