/** Clients that send nothing, or next to nothing: they cost little, are shown out in time, and do not disturb the others. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { describeWith } from '../../interop/harness/requirements.js';
import type { RunningServer } from '../../interop/harness/index.js';
import { RawClient } from '../client/raw-client.js';
import { create, ErrorCode, getData } from '../client/requests.js';
import { eventually, within } from '../support/eventually.js';
import { needsServer, startServer } from '../support/servers.js';
import { growthDuring } from './memory.js';
import { handshakeFrame, openBare, type BareConnection } from './socket.js';

const HANDSHAKE_MS_MAX = 10_000;

describeWith('clients that send nothing or little', [needsServer], () => {
  let server: RunningServer;
  let other: RawClient;

  beforeAll(async () => {
    server = await startServer();
    other = (await RawClient.connect({ port: server.clientPort })).keepAlive();
    await other.request(create('/served', Buffer.from('yes')));
  }, 30_000);

  afterAll(async () => {
    other.destroy();
    await server.stop('SIGKILL');
  });

  const expectOthersServed = async (): Promise<void> => {
    const reply = await within(other.request(getData('/served')), 1_000);
    expect(reply?.error).toBe(ErrorCode.ok);
  };

  it('shows 2,000 silent connections out within the handshake time, on little memory', async () => {
    const silent: BareConnection[] = [];
    const growthMb = await growthDuring(server.pid, async () => {
      for (let i = 0; i < 2_000; i += 1) silent.push(await openBare(server.clientPort));
      await expectOthersServed();
      const allClosed = Promise.all(silent.map(({ closed }) => closed)).then(() => true);
      expect(await within(allClosed, HANDSHAKE_MS_MAX + 5_000)).toBe(true);
    });
    await expectOthersServed();
    expect(growthMb).toBeLessThan(100);
  }, 60_000);

  it('grants a session to a client that sends one byte at a time, in time', async () => {
    const { socket } = await openBare(server.clientPort);
    let received = 0;
    socket.on('data', (chunk) => (received += chunk.length));
    for (const byte of handshakeFrame()) {
      socket.write(Buffer.from([byte]));
      await delay(5);
    }
    await eventually('the handshake is answered', () => received >= 40);
    socket.destroy();
  }, 20_000);

  it('shows a client out that sends its handshake one byte at a time, too slowly', async () => {
    const slow = await openBare(server.clientPort);
    let over = false;
    void slow.closed.then(() => (over = true));
    const startMs = Date.now();
    for (const byte of handshakeFrame()) {
      if (over || Date.now() - startMs > HANDSHAKE_MS_MAX + 8_000) break;
      slow.socket.write(Buffer.from([byte]));
      await delay(500);
    }
    expect(over).toBe(true);
    await expectOthersServed();
  }, 60_000);

  it('does not set memory aside for what is only announced', async () => {
    const announced: BareConnection[] = [];
    const growthMb = await growthDuring(server.pid, async () => {
      for (let i = 0; i < 300; i += 1) {
        const connection = await openBare(server.clientPort);
        announced.push(connection);
        connection.socket.write(handshakeFrame());
        // A request of a megabyte, of which nothing follows but its header.
        connection.socket.write(Buffer.from([0x00, 0x0f, 0x42, 0x40, 0, 0, 0, 1, 0, 0, 0, 5]));
      }
      await delay(1_000);
      await expectOthersServed();
    });
    for (const { socket } of announced) socket.destroy();
    expect(growthMb).toBeLessThan(100);
  }, 60_000);
});
