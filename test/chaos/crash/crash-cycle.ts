/** One turn of the crash test: load, kill -9 at a random moment, restart, and the reckoning. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { RawClient } from '../client/raw-client.js';
import {
  closeSession,
  create,
  CreateMode,
  ErrorCode,
  getChildren,
  readChildren,
  readCreatedPath,
  remove,
} from '../client/requests.js';
import type { RunningServer } from '../../interop/harness/index.js';
import type { Prng } from '../../prng.js';
import { spawnServer } from '../support/servers.js';
import type { ExpectedTree } from './expected-tree.js';
import { observe } from './observed-tree.js';
import { judge } from './verify.js';
import { Writer } from './writer.js';

const WRITERS = 5;
const LOAD_MS_MIN = 20;
const LOAD_MS_MAX = 350;

/** What one cycle leaves behind: what must be there for good, and figures for the summary. */
export interface CycleResult {
  readonly server: RunningServer;
  readonly kept: readonly { readonly base: string; readonly tree: ExpectedTree }[];
  readonly zxidMax: bigint;
  readonly answeredCount: number;
  /** Requests that were executed though the kill came before their answer. */
  readonly unansweredKeptCount: number;
  /** Everything that must not be; empty when all is well. */
  readonly violations: readonly string[];
}

/** What is different from cycle to cycle. */
export interface Cycle {
  /** Where the writers write, below the root; never the same twice. */
  readonly name: string;
  /** The largest zxid that was ever seen. */
  readonly zxidBefore: bigint;
  /** What ends the server. */
  readonly signal: 'SIGKILL' | 'SIGTERM';
}

/** Runs one cycle on a server that serves; returns the server that serves after it. */
export async function crashCycle(server: RunningServer, prng: Prng, cycle: Cycle): Promise<CycleResult> {
  const { name, zxidBefore, signal } = cycle;
  const writers = await startWriters(server.clientPort, name, prng);
  await delay(LOAD_MS_MIN + prng.below(LOAD_MS_MAX - LOAD_MS_MIN));
  const leaver = prng.chance(0.5) ? writers[0] : undefined;
  leaver?.closeSession();
  if (leaver !== undefined) await delay(prng.below(8));
  await server.stop(signal);
  await Promise.all(writers.map((writer) => writer.client.closed));
  if (prng.chance(0.2)) await crashDuringStart(server.directory, prng.below(500));
  const restarted = await server.restart();
  const judged = await judgeAll(restarted, writers, prng);
  const zxidMax = writers.reduce((max, writer) => (writer.zxidMax > max ? writer.zxidMax : max), zxidBefore);
  return {
    server: restarted,
    kept: judged.kept,
    zxidMax: judged.zxidAfter > zxidMax ? judged.zxidAfter : zxidMax,
    answeredCount: writers.reduce((sum, writer) => sum + writer.answeredCount, 0),
    unansweredKeptCount: judged.unansweredKeptCount,
    violations: [
      ...writers.flatMap((writer) => writer.violations),
      ...judged.violations,
      ...(judged.zxidAfter > zxidMax ? [] : [`${name}: zxid ${judged.zxidAfter} was given after ${zxidMax}`]),
    ],
  };
}

async function startWriters(port: number, name: string, prng: Prng): Promise<Writer[]> {
  const writers: Writer[] = [];
  for (let i = 0; i < WRITERS; i += 1) {
    const client = await RawClient.connect({ port });
    const base = `/${name}w${i}`;
    const made = await Promise.all([base, `${base}/q`].map((path) => client.request(create(path, Buffer.alloc(0)))));
    if (made.some((reply) => reply.error !== ErrorCode.ok)) throw new Error(`${base} could not be made`);
    writers.push(new Writer(client, base, prng));
  }
  for (const writer of writers) writer.start();
  return writers;
}

/** Starts the server and kills it again before it can be known whether it serves: recovery must bear a crash, too. */
async function crashDuringStart(directory: string, afterMs: number): Promise<void> {
  const child = spawnServer(directory);
  const closed = once(child, 'close');
  child.stdout?.resume();
  child.stderr?.resume();
  await delay(afterMs);
  child.kill('SIGKILL');
  await closed;
}

interface Judged {
  readonly kept: { base: string; tree: ExpectedTree }[];
  readonly violations: string[];
  readonly unansweredKeptCount: number;
  readonly zxidAfter: bigint;
}

async function judgeAll(server: RunningServer, writers: readonly Writer[], prng: Prng): Promise<Judged> {
  const reader = await RawClient.connect({ port: server.clientPort });
  const kept: { base: string; tree: ExpectedTree }[] = [];
  const violations: string[] = [];
  let unansweredKeptCount = 0;
  for (const writer of writers) {
    const session = writer.client.session;
    const back = await RawClient.connect({ port: server.clientPort, session }).catch(() => undefined);
    const sessionOpen = back !== undefined && back.sessionTimeoutMs > 0;
    const verdict = judge(writer.witness(), { tree: await observe(reader, writer.base), sessionOpen });
    if (!verdict.ok) {
      violations.push(...verdict.differences);
      continue;
    }
    unansweredKeptCount += verdict.keptCount - writer.answeredCount;
    if (sessionOpen) violations.push(...(await leave(back, reader, writer.base, prng)));
    verdict.tree.apply({ kind: 'close-session' });
    kept.push({ base: writer.base, tree: verdict.tree });
    violations.push(...(await sequenceGoesOn(reader, writer)));
  }
  const last = await reader.request(create(`${writers[0]?.base ?? ''}/after`, Buffer.alloc(0)));
  if (last.error !== ErrorCode.ok) violations.push(`a write after the restart was refused: ${last.error}`);
  await reader.request(closeSession());
  return { kept, violations, unansweredKeptCount, zxidAfter: last.zxid };
}

/** Closes a session that was taken back; its ephemerals must go with it, and nothing else. */
async function leave(back: RawClient, reader: RawClient, base: string, prng: Prng): Promise<string[]> {
  let last = back;
  if (prng.chance(0.5)) {
    // Half of them leave through another connection that takes the session over from the first.
    last = await RawClient.connect({ port: reader.port, session: back.session });
    await back.closed;
  }
  const answer = await last.request(closeSession()).catch((error: unknown) => error);
  const violations = answer instanceof Error ? [`${base}: closeSession was not answered: ${answer.message}`] : [];
  const names = readChildren((await reader.request(getChildren(base))).body);
  const left = names.filter((name) => name.startsWith('e')).map((name) => `${base}/${name} outlived its session`);
  return [...violations, ...left];
}

/** A new sequential znode must come after all that were ever answered, deleted ones included, and all that are there. */
async function sequenceGoesOn(reader: RawClient, writer: Writer): Promise<string[]> {
  const queue = `${writer.base}/q`;
  const listed = readChildren((await reader.request(getChildren(queue))).body).map((name) => `${queue}/${name}`);
  const answered = writer.history.flatMap((entry) => entry.told?.createdPath ?? []);
  const last = [...listed, ...answered].sort().at(-1) ?? '';
  const made = readCreatedPath(
    (await reader.request(create(`${queue}/s-`, Buffer.from('after'), CreateMode.sequential))).body,
  );
  await reader.request(remove(made, -1));
  return made > last ? [] : [`${made} was created after ${last}`];
}
