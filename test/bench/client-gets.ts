/**
 * How many pipelined gets a second one `@corral/client` does on one connection, and what each costs its process. Prints one line of JSON.
 *
 *   node test/dist/bench/client-gets.js HOST:PORT      against any server that runs
 */
import { Client } from '@corral/client';
import { median } from './statistics.js';

const PATH = '/corral-bench-client-gets';
const VALUE_SIZE_BYTES = 100;
const OUTSTANDING = 1000;
const GETS_PER_ROUND = 200_000;
const ROUNDS = 5;
/** They compile what is hot, in the client and in the server. */
const WARMUP_ROUNDS = 2;

/** What the program prints: medians over the rounds. */
export interface ClientGetsResult {
  readonly getsPerSecond: number;
  /** User and system time of this process for each get. */
  readonly cpuUsPerGet: number;
}

/** One round: batches of requests that are all sent before the first answer is awaited. */
async function measureRound(client: Client): Promise<ClientGetsResult> {
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  for (let done = 0; done < GETS_PER_ROUND; done += OUTSTANDING) {
    await Promise.all(Array.from({ length: OUTSTANDING }, () => client.get(PATH)));
  }
  const seconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { getsPerSecond: GETS_PER_ROUND / seconds, cpuUsPerGet: (user + system) / GETS_PER_ROUND };
}

const [server = '127.0.0.1:2181'] = process.argv.slice(2);
const client = await Client.connect({ connect: server }, { signal: AbortSignal.timeout(5000) });
try {
  await client.create(PATH, Buffer.alloc(VALUE_SIZE_BYTES), { mode: 'ephemeral' });
  for (let n = 0; n < WARMUP_ROUNDS; n += 1) await measureRound(client);
  const rounds: ClientGetsResult[] = [];
  for (let n = 0; n < ROUNDS; n += 1) rounds.push(await measureRound(client));
  const result: ClientGetsResult = {
    getsPerSecond: median(rounds.map(({ getsPerSecond }) => getsPerSecond)),
    cpuUsPerGet: median(rounds.map(({ cpuUsPerGet }) => cpuUsPerGet)),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await client.close();
}
