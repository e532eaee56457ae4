/** kill -9 at random moments under load: what was acknowledged stays, what was refused does not come, and it serves again. */
import { expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { describeWith } from '../../interop/harness/requirements.js';
import { RawClient } from '../client/raw-client.js';
import { create, CreateMode, ErrorCode, getData } from '../client/requests.js';
import { Prng } from '../../prng.js';
import { chaosSeed } from '../support/seed.js';
import { needsServer, startServer } from '../support/servers.js';
import { crashCycle, type CycleResult } from './crash-cycle.js';
import { observe } from './observed-tree.js';
import { differencesOf } from './verify.js';

const CYCLES = Number(process.env['CHAOS_CYCLES'] ?? '200');
const CYCLES_BETWEEN_FULL_CHECKS = 50;

/** Compares everything that earlier cycles left with what is there. */
async function lostSince(port: number, kept: CycleResult['kept']): Promise<string[]> {
  const reader = await RawClient.connect({ port });
  const differences: string[] = [];
  for (const { base, tree } of kept) {
    const seen = await observe(reader, base);
    // The reckoning itself writes one znode into the first base of each cycle.
    const nodes = new Map([...seen.nodes].filter(([path]) => path !== `${base}/after`));
    differences.push(...differencesOf(tree, { tree: { ...seen, nodes }, sessionOpen: false }, 0n));
  }
  reader.destroy();
  return differences;
}

describeWith('kill -9', [needsServer], () => {
  it(
    `loses nothing that was acknowledged, ${CYCLES} times over`,
    async () => {
      const seed = chaosSeed();
      console.log(`kill -9: ${CYCLES} cycles, CHAOS_SEED=${seed}`);
      const prng = new Prng(seed);
      let server = await startServer();
      const kept: CycleResult['kept'][number][] = [];
      let zxidMax = 0n;
      let answeredCount = 0;
      let unansweredKeptCount = 0;
      try {
        for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
          const result = await crashCycle(server, prng, {
            name: `c${cycle}`,
            zxidBefore: zxidMax,
            signal: 'SIGKILL',
          });
          ({ server, zxidMax } = result);
          answeredCount += result.answeredCount;
          unansweredKeptCount += result.unansweredKeptCount;
          kept.push(...result.kept);
          if (cycle % CYCLES_BETWEEN_FULL_CHECKS === 0 || cycle === CYCLES) {
            expect({ seed, cycle, lost: await lostSince(server.clientPort, kept) }).toEqual({ seed, cycle, lost: [] });
          }
          expect({ seed, cycle, violations: result.violations }).toEqual({ seed, cycle, violations: [] });
        }
      } finally {
        await server.stop('SIGKILL');
      }
      console.log(`kill -9: ${answeredCount} requests answered, ${unansweredKeptCount} executed without an answer`);
      // A test whose kills all came when nothing was under way would prove nothing.
      expect(answeredCount).toBeGreaterThan(CYCLES * 50);
    },
    CYCLES * 10_000 + 30_000,
  );

  it('loses nothing on SIGTERM under load either, and ends at once', async () => {
    const prng = new Prng(chaosSeed());
    let server = await startServer();
    try {
      for (let cycle = 1; cycle <= 5; cycle += 1) {
        const result = await crashCycle(server, prng, { name: `t${cycle}`, zxidBefore: 0n, signal: 'SIGTERM' });
        ({ server } = result);
        expect(result.violations).toEqual([]);
      }
    } finally {
      await server.stop('SIGKILL');
    }
  }, 60_000);

  it('lets a session expire whose client does not come back, and its ephemerals with it', async () => {
    let server = await startServer({ configLines: ['tickTime=500'] });
    try {
      const client = await RawClient.connect({ port: server.clientPort, sessionTimeoutMs: 1_000 });
      await client.request(create('/gone', Buffer.alloc(0), CreateMode.ephemeral));
      await server.kill();
      server = await server.restart();
      const reader = await RawClient.connect({ port: server.clientPort });
      expect((await reader.request(getData('/gone'))).error).toBe(ErrorCode.ok);
      const deadlineMs = Date.now() + 15_000;
      while ((await reader.request(getData('/gone'))).error !== ErrorCode.noNode && Date.now() < deadlineMs) {
        await delay(100);
      }
      expect((await reader.request(getData('/gone'))).error).toBe(ErrorCode.noNode);
      const back = await RawClient.connect({ port: server.clientPort, session: client.session }).catch(() => undefined);
      expect(back?.sessionTimeoutMs ?? 0).toBe(0);
      reader.destroy();
    } finally {
      await server.stop('SIGKILL');
    }
  }, 60_000);
});
