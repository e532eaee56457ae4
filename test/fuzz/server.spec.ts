/** Damaged bytes over real connections: the process lives, serves others, and grows no more than it should. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { readClientGoldens } from '@corral/wire/testing';
import { RawClient } from '../chaos/client/raw-client.js';
import { create, ErrorCode, getData } from '../chaos/client/requests.js';
import { handshakeFrame } from '../chaos/hostile/socket.js';
import { Prng } from '../prng.js';
import { startCorral, type RunningServer } from '../interop/harness/index.js';
import { describeWith, needsCorral } from '../interop/harness/requirements.js';
import { fuzzSeed, inputs } from './inputs.js';
import { mutate } from './mutate.js';
import { anyRequestFrame } from './request-frames.js';

const CONNECTIONS_AT_ONCE = 20;
const FRAMES_PER_CONNECTION = 8;

function framed(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** Sends the bytes and hangs up when they are answered, or the server has hung up. */
async function throwAt(port: number, bytes: Buffer): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  socket.resume();
  socket.end(bytes);
  await Promise.race([closed, delay(300)]);
  socket.destroy();
  await closed;
}

describeWith('a server', [needsCorral], () => {
  let server: RunningServer;
  let witness: RawClient;

  beforeAll(async () => {
    server = await startCorral({ ports: { first: 21_360, last: 21_369 } });
    witness = (await RawClient.connect({ port: server.clientPort })).keepAlive();
    await witness.request(create('/witness', Buffer.from('here')));
  }, 30_000);

  afterAll(async () => {
    witness.destroy();
    await server.stop('SIGKILL');
  });

  async function throwAll(streams: readonly Buffer[]): Promise<void> {
    for (let i = 0; i < streams.length; i += CONNECTIONS_AT_ONCE) {
      await Promise.all(streams.slice(i, i + CONNECTIONS_AT_ONCE).map((bytes) => throwAt(server.clientPort, bytes)));
      expect(server.ended).toBeUndefined();
    }
    expect((await witness.request(getData('/witness'))).error).toBe(ErrorCode.ok);
    expect(server.log()).not.toMatch(/uncaught|unhandled|assert|invariant|TypeError|RangeError/i);
  }

  it('survives connections that begin with damaged handshakes and words', async () => {
    const seed = fuzzSeed();
    const prng = new Prng(seed);
    console.log(`fuzz over TCP: FUZZ_SEED=${seed}`);
    const beginnings = [handshakeFrame(), ...['ruok', 'stat', 'mntr', 'xxxx'].map((word) => Buffer.from(word))];
    const streams = Array.from({ length: inputs(800) }, () => mutate(prng.pick(beginnings), beginnings, prng));
    await throwAll(streams);
  }, 120_000);

  it('survives sessions that send damaged requests', async () => {
    const seed = fuzzSeed();
    const prng = new Prng(seed);
    const requests = readClientGoldens()
      .filter(({ direction, name }) => direction === '>' && name !== 'connect')
      .map(({ bytes }) => framed(bytes));
    const streams = Array.from({ length: inputs(500) }, () => {
      const frames = Array.from({ length: FRAMES_PER_CONNECTION }, () => {
        // Mostly the length stays right, so that the damage lies within the frame.
        const whole = prng.chance(0.8);
        const damaged = mutate(prng.pick(requests), requests, prng, whole ? 4 : 0);
        return whole ? framed(damaged.subarray(4)) : damaged;
      });
      return Buffer.concat([handshakeFrame(4_000), ...frames]);
    });
    await throwAll(streams);
  }, 120_000);

  it('survives sessions that send generated requests', async () => {
    const frames = fc.sample(fc.array(anyRequestFrame, { minLength: 1, maxLength: FRAMES_PER_CONNECTION }), {
      numRuns: inputs(500),
      seed: fuzzSeed(),
    });
    await throwAll(frames.map((list) => Buffer.concat([handshakeFrame(4_000), ...list.map(framed)])));
  }, 120_000);

  it('starts again on what it logged meanwhile', async () => {
    await server.kill();
    server = await server.restart();
    const client = await RawClient.connect({ port: server.clientPort });
    expect((await client.request(getData('/witness'))).error).toBe(ErrorCode.ok);
    client.destroy();
  }, 60_000);
});
