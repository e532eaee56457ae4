/** The story that every disk fault shares: load, the fault, what clients are told meanwhile, the repair, the reckoning. */
import { expect } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { RawClient } from '../client/raw-client.js';
import { create, ErrorCode, getData, setData } from '../client/requests.js';
import { observe } from '../crash/observed-tree.js';
import { judge } from '../crash/verify.js';
import { Writer } from '../crash/writer.js';
import { FaultyDisk, type Faults } from '../faults/faulty-disk.js';
import { eventually, within } from '../support/eventually.js';
import type { RunningServer } from '../../interop/harness/index.js';
import { Prng } from '../../prng.js';
import { chaosSeed } from '../support/seed.js';
import { startServer } from '../support/servers.js';
import { fateOf } from './probe.js';

const WRITERS = 3;
/** For answers that were on their way when the fault struck. */
const GRACE_MS = 500;

/** A server under load on a disk that can fail, and a client that only reads. */
export interface Stage {
  readonly disk: FaultyDisk;
  readonly server: RunningServer;
  readonly reader: RawClient;
  readonly writers: readonly Writer[];
}

/** Sets the stage: the load runs when this returns. */
export async function setStage(): Promise<Stage> {
  const disk = new FaultyDisk();
  const server = await startServer({ environment: disk.environment });
  const reader = await RawClient.connect({ port: server.clientPort });
  await reader.request(create('/known', Buffer.from('known')));
  const prng = new Prng(chaosSeed());
  const writers: Writer[] = [];
  for (let i = 0; i < WRITERS; i += 1) {
    const client = await RawClient.connect({ port: server.clientPort });
    const base = `/w${i}`;
    for (const path of [base, `${base}/q`]) await client.request(create(path, Buffer.alloc(0)));
    const writer = new Writer(client, base, prng);
    writer.start();
    writers.push(writer);
  }
  return { disk, server, reader, writers };
}

/** Judges all writers on a restarted server; fails with everything that cannot be explained. */
export async function reckon(port: number, writers: readonly Writer[]): Promise<void> {
  const reader = await RawClient.connect({ port });
  const violations = writers.flatMap((writer) => writer.violations);
  for (const writer of writers) {
    const { session } = writer.client;
    writer.client.destroy();
    const back = await RawClient.connect({ port, session }).catch(() => undefined);
    const sessionOpen = back !== undefined && back.sessionTimeoutMs > 0;
    const verdict = judge(writer.witness(), { tree: await observe(reader, writer.base), sessionOpen });
    if (!verdict.ok) violations.push(...verdict.differences);
    back?.destroy();
  }
  expect(violations.slice(0, 20)).toEqual([]);
  expect((await reader.request(setData('/known', Buffer.from('served again'), -1))).error).toBe(ErrorCode.ok);
  reader.destroy();
}

/** Tells the story of one fault from its beginning to its end. */
export async function tellFaultStory(faults: Faults): Promise<void> {
  const stage = await setStage();
  const { disk, server, reader, writers } = stage;
  let last = server;
  try {
    await delay(150);
    for (const writer of writers) writer.expectFault();
    disk.set(faults);
    await eventually('the fault strikes', () => disk.failedCount > 0);
    await delay(GRACE_MS);
    for (const writer of writers) writer.declareFaulty();

    await eventually('every waiting client is answered or disconnected', () => writers.every((w) => w.isTold()));
    await expectReadsWhileItLives(stage);
    await expectNoAcknowledgement(stage);

    disk.lift();
    if (server.ended === undefined) await server.stop('SIGTERM');
    last = await server.restart();
    await reckon(last.clientPort, writers);
  } finally {
    reader.destroy();
    await last.stop('SIGKILL');
    disk.remove();
  }
}

/** "Reads go on where they can": as long as the process lives, a connected client reads; otherwise its end says why. */
async function expectReadsWhileItLives({ server, reader }: Stage): Promise<void> {
  const reply = await within(
    reader.request(getData('/known')).catch(() => undefined),
    3_000,
  );
  if (server.ended === undefined && !reader.isClosed) {
    expect(reply?.error).toBe(ErrorCode.ok);
  } else {
    expect(server.log()).toMatch(/ENOSPC|EIO|no space|I\/O error|Input\/output error|Unrecoverable/i);
  }
}

async function expectNoAcknowledgement({ server, reader }: Stage): Promise<void> {
  const fate = reader.isClosed ? 'lost' : await fateOf(reader, setData('/known', Buffer.from('lie'), -1));
  expect(['refused', 'lost']).toContain(fate);
  // A session is a transaction, too.
  const newcomer = await within(
    RawClient.connect({ port: server.clientPort, handshakeTimeoutMs: 2_000 }).catch(() => undefined),
    3_000,
  );
  expect(newcomer?.sessionTimeoutMs ?? 0).toBe(0);
  newcomer?.destroy();
}
