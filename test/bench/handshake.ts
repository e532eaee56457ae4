/** The first thing a client of a fresh server sees: how long until a session handshake is answered. */
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const RETRY_DELAY_MS = 2;
const ATTEMPT_HEADSTART_MS = 50;
const HANDSHAKE_REPLY_BYTES_MIN = 4 + 4 + 4 + 8;

/** A connect request as ZooKeeper's clients send it: a new session, a timeout of 30 s, not read-only. */
function connectRequest(): Buffer {
  const body = Buffer.alloc(4 + 8 + 4 + 8 + 4 + 16 + 1);
  body.writeInt32BE(30_000, 12);
  body.writeInt32BE(16, 24);
  const frame = Buffer.alloc(4 + body.length);
  frame.writeInt32BE(body.length, 0);
  body.copy(frame, 4);
  return frame;
}

/** Tries one handshake; resolves to whether the server granted a session, or to false when `signal` ends the wait. */
function tryHandshake(port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    let reply = Buffer.alloc(0);
    const finish = (granted: boolean): void => {
      signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(granted);
    };
    const giveUp = (): void => finish(false);
    signal.addEventListener('abort', giveUp, { once: true });
    socket.on('connect', () => socket.write(connectRequest()));
    socket.on('data', (chunk) => {
      reply = Buffer.concat([reply, chunk]);
      if (reply.length >= HANDSHAKE_REPLY_BYTES_MIN) finish(reply.readInt32BE(8) > 0);
    });
    socket.on('error', giveUp);
    socket.on('close', giveUp);
  });
}

/**
 * Tries until a session is granted; resolves to the milliseconds that took.
 * A server may accept a connection while it starts and never answer it, so an attempt without an answer
 * keeps its chance while the next one begins.
 */
export async function millisecondsToFirstSession(port: number, timeoutMs: number): Promise<number> {
  const startMs = performance.now();
  const others = new AbortController();
  let granted = false;
  const grant = (answer: boolean): boolean => (granted ||= answer);
  try {
    while (performance.now() - startMs < timeoutMs) {
      const attempt = tryHandshake(port, others.signal).then(grant);
      await Promise.race([attempt, delay(ATTEMPT_HEADSTART_MS)]);
      if (granted) return performance.now() - startMs;
      await delay(RETRY_DELAY_MS);
    }
  } finally {
    others.abort();
  }
  throw new Error(`no session on port ${port} within ${timeoutMs} ms`);
}
