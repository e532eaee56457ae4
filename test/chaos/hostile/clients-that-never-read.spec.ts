/** Clients that ask and do not read the answers: the server holds a bounded amount for them, and shows them out. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { describeWith } from '../../interop/harness/requirements.js';
import type { RunningServer } from '../../interop/harness/index.js';
import { RawClient } from '../client/raw-client.js';
import { RecordBuilder } from '../client/record.js';
import { create, ErrorCode, getData, multiRead, setData } from '../client/requests.js';
import { within } from '../support/eventually.js';
import { againstApache, needsServer, startServer } from '../support/servers.js';
import { growthDuring } from './memory.js';

const ADD_WATCH = 106;
const PERSISTENT_RECURSIVE = 1;

describeWith('clients that never read', [needsServer], () => {
  let server: RunningServer;
  let other: RawClient;

  beforeEach(async () => {
    server = await startServer();
    other = (await RawClient.connect({ port: server.clientPort })).keepAlive();
  }, 30_000);

  afterEach(async () => {
    other.destroy();
    await server.stop('SIGKILL');
  });

  const servedWithinMs = async (): Promise<number> => {
    const startMs = performance.now();
    const reply = await within(other.request(getData('/')), 5_000);
    expect(reply?.error).toBe(ErrorCode.ok);
    return performance.now() - startMs;
  };

  it.each<[string, (hog: RawClient) => void]>([
    [
      'with reads',
      (hog) => {
        for (let i = 0; i < 500; i += 1) hog.request(getData('/large')).catch(() => undefined);
      },
    ],
    [
      'with reads that wait behind a write',
      (hog) => {
        hog.request(setData('/small', Buffer.alloc(1), -1)).catch(() => undefined);
        for (let i = 0; i < 500; i += 1) hog.request(getData('/large')).catch(() => undefined);
      },
    ],
    [
      'with one multiRead',
      (hog) => {
        hog.request(multiRead(Array.from({ length: 5_000 }, () => getData('/large')))).catch(() => undefined);
      },
    ],
  ])(
    'while they ask for gigabytes %s, memory is bounded and others are served',
    async (_title, ask) => {
      await other.request(create('/large', Buffer.alloc(1_000_000, 1)));
      await other.request(create('/small', Buffer.alloc(1)));
      const hogs: RawClient[] = [];
      let slowestMs = 0;
      const growthMb = await growthDuring(server.pid, async () => {
        for (let i = 0; i < 10; i += 1) {
          const hog = await RawClient.connect({ port: server.clientPort });
          hog.setReading(false);
          ask(hog);
          hogs.push(hog);
        }
        for (let i = 0; i < 20; i += 1) {
          slowestMs = Math.max(slowestMs, await servedWithinMs());
          await delay(100);
        }
      });
      for (const hog of hogs) hog.destroy();
      await servedWithinMs();
      expect(growthMb).toBeLessThan(300);
      expect(slowestMs).toBeLessThan(1_000);
    },
    60_000,
  );

  it('while events pile up for one of them, memory is bounded, it is shown out, and others are served', async () => {
    const path = `/${'long-name-'.repeat(90)}`;
    await other.request(create(path, Buffer.alloc(0)));
    const watcher = await RawClient.connect({ port: server.clientPort, sessionTimeoutMs: 40_000 });
    const watch = { opCode: ADD_WATCH, body: new RecordBuilder().string('/').int(PERSISTENT_RECURSIVE).build() };
    expect((await watcher.request(watch)).error).toBe(ErrorCode.ok);
    watcher.setReading(false);
    let changed = 0;
    const growthMb = await growthDuring(server.pid, async () => {
      // 40,000 events of a kilobyte: far more than the kernel takes for a connection that is not read.
      for (let batch = 0; batch < 80; batch += 1) {
        const replies = await Promise.all(
          Array.from({ length: 500 }, () => other.request(setData(path, Buffer.alloc(1), -1))),
        );
        changed += replies.filter((reply) => reply.error === ErrorCode.ok).length;
      }
    });
    expect(changed).toBe(40_000);
    expect(growthMb).toBeLessThan(200);
    if (!againstApache) {
      expect(server.log()).toMatch(/connection dropped.*unread/);
      watcher.setReading(true);
      expect(
        await within(
          watcher.closed.then(() => true),
          5_000,
        ),
      ).toBe(true);
    }
    watcher.destroy();
    expect(await servedWithinMs()).toBeLessThan(1_000);
  }, 60_000);
});
