/**
 * How fast a platform answers reads of one service: connections that are kept, with one request at a time on each. Prints one line of JSON.
 *
 *   node test/dist/bench/rest-reads.js http://127.0.0.1:8181/v1/registry/services/pricing/instances
 */
import { connect, type Socket } from 'node:net';
import { percentile } from './statistics.js';

const CONNECTIONS = 16;
const WARMUP_MS = 3000;
const MEASURE_MS = 5000;

/** What the program prints. */
export interface RestReadsResult {
  readonly readsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** An answer ends where its length says; bytes of the next one cannot have come, since it was not asked for. */
function isWhole(answer: string): boolean {
  const headEnd = answer.indexOf('\r\n\r\n');
  if (headEnd < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer)?.[1];
  if (length === undefined) throw new Error(`an answer without a length: ${answer.slice(0, headEnd)}`);
  return Buffer.byteLength(answer.slice(headEnd + 4)) >= Number(length);
}

/** Asks again and again, and notes how long each answer took. Ends after the time that is given. */
function readOn(socket: Socket, url: URL, latenciesMs: number[], untilMs: number): Promise<void> {
  const request = `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`;
  return new Promise((resolve, reject) => {
    let answer = '';
    let askedMs = 0;
    const ask = (): void => {
      answer = '';
      askedMs = performance.now();
      socket.write(request);
    };
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      answer += String(text);
      if (!isWhole(answer)) return;
      if (!answer.startsWith('HTTP/1.1 200')) reject(new Error(answer));
      const nowMs = performance.now();
      latenciesMs.push(nowMs - askedMs);
      if (nowMs < untilMs) ask();
      else resolve();
    });
    socket.once('error', reject);
    ask();
  });
}

async function measure(url: URL, durationMs: number): Promise<RestReadsResult> {
  const sockets = Array.from({ length: CONNECTIONS }, () => connect({ host: url.hostname, port: Number(url.port) }));
  const latenciesMs: number[] = [];
  const startMs = performance.now();
  await Promise.all(sockets.map((socket) => readOn(socket, url, latenciesMs, startMs + durationMs)));
  const seconds = (performance.now() - startMs) / 1000;
  for (const socket of sockets) socket.destroy();
  return {
    readsPerSecond: latenciesMs.length / seconds,
    p50Ms: percentile(latenciesMs, 50),
    p99Ms: percentile(latenciesMs, 99),
  };
}

const url = new URL(process.argv[2]!);
await measure(url, WARMUP_MS);
process.stdout.write(`${JSON.stringify(await measure(url, MEASURE_MS))}\n`);
