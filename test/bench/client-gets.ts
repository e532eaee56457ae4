/**
 * How many pipelined gets a second one `@corral/client` does, and what each costs its process:
 * `node test/dist/bench/client-gets.js HOST:PORT`, against any server that runs.
 */
import { Client } from '@corral/client';

const PATH = '/corral-bench-client-gets';
const VALUE_SIZE_BYTES = 100;
const OUTSTANDING = 1000;
const ROUNDS = 5;
const GETS_PER_ROUND = 200_000;

/** One round: batches of requests that are all sent before the first answer is awaited. */
async function round(client: Client): Promise<string> {
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  for (let done = 0; done < GETS_PER_ROUND; done += OUTSTANDING) {
    await Promise.all(Array.from({ length: OUTSTANDING }, () => client.get(PATH)));
  }
  const seconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const rate = Math.round(GETS_PER_ROUND / seconds).toLocaleString('en-US');
  return `${rate} gets/s, ${((user + system) / GETS_PER_ROUND).toFixed(2)} us of the client's CPU each`;
}

const [server = '127.0.0.1:2181'] = process.argv.slice(2);
const client = await Client.connect({ connect: server }, { signal: AbortSignal.timeout(5000) });
try {
  await client.create(PATH, Buffer.alloc(VALUE_SIZE_BYTES), { mode: 'ephemeral' });
  for (let n = 0; n < ROUNDS; n += 1) process.stdout.write(`${await round(client)}\n`);
} finally {
  await client.close();
}
