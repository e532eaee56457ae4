/** Three members under load, and everything that can happen to processes and to the network between them. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { type MemberPorts, TestEnsemble } from '../../interop/harness/index.js';
import { describeWith, needsCorral } from '../../interop/harness/requirements.js';
import { eventually } from '../support/eventually.js';
import { Prng } from '../../prng.js';
import { Load } from './load.js';
import { CuttablePath } from '../support/cuttable-path.js';
import { verdictOn } from './verdict.js';

const PORTS = { first: 21_360, last: 21_449 };
/** How long the members are worried; `CHAOS_SECONDS=3600` for an hour by hand. */
const CHAOS_SECONDS = Number(process.env['CHAOS_SECONDS'] ?? 60);
/** With the start before and the verdict after it. */
const TEST_MS = (CHAOS_SECONDS + 540) * 1_000;
const CLIENTS = 8;
const SEED = Number(process.env['CHAOS_SEED'] ?? 7);

/** The links of an ensemble, by who uses them to reach whom. */
class Network {
  readonly #links = new Map<string, CuttablePath>();

  readonly pathTo = async (from: number, to: MemberPorts): Promise<{ quorumPort: number; electionPort: number }> => {
    const quorum = await CuttablePath.to(to.quorumPort);
    const election = await CuttablePath.to(to.electionPort);
    this.#links.set(`${from}>${to.id} quorum`, quorum);
    this.#links.set(`${from}>${to.id} election`, election);
    return { quorumPort: quorum.port, electionPort: election.port };
  };

  /** Cuts a member off from all others, in both directions, or in one. */
  isolate(id: number, directions: 'both' | 'from' = 'both'): void {
    for (const [name, link] of this.#links) {
      if (name.startsWith(`${id}>`) || (directions === 'both' && name.includes(`>${id} `))) link.cut();
    }
  }

  mend(): void {
    for (const link of this.#links.values()) link.mend();
  }

  async close(): Promise<void> {
    for (const link of this.#links.values()) await link.close();
  }
}

describeWith('an ensemble of three', [needsCorral], () => {
  let ensemble: TestEnsemble | undefined;
  let load: Load | undefined;
  let network: Network;

  afterEach(async () => {
    await load?.stop();
    await ensemble?.stop();
    await network.close();
    load = undefined;
    ensemble = undefined;
  });

  const start = async (): Promise<{ members: TestEnsemble; clients: Load }> => {
    network = new Network();
    ensemble = await TestEnsemble.start({
      kinds: ['corral', 'corral', 'corral'],
      ports: PORTS,
      configLines: ['tickTime=400'],
      pathTo: network.pathTo,
    });
    load = await Load.start(ensemble.clientPorts, CLIENTS);
    return { members: ensemble, clients: load };
  };

  it(
    'keeps what it acknowledged, in one order, through kill -9, stops and cuts',
    async () => {
      const { members, clients } = await start();
      const { told } = clients;
      const prng = new Prng(SEED);
      const pick = (): number => members.ids[Math.floor(prng.next() * members.ids.length)]!;
      const worries: Record<string, () => Promise<void>> = {
        'kill -9': async () => {
          const id = pick();
          await members.stopMember(id, 'SIGKILL');
          await delay(200 + prng.next() * 800);
          await members.startMember(id);
        },
        'kill -9 of the leader': async () => {
          const id = await members.leader().catch(pick);
          await members.stopMember(id, 'SIGKILL');
          await members.startMember(id);
        },
        SIGSTOP: async () => {
          const id = await members.leader().catch(pick);
          members.server(id).signal('SIGSTOP');
          await delay(1_000 + prng.next() * 3_000);
          members.server(id).signal('SIGCONT');
        },
        'a cut in both directions': async () => {
          network.isolate(pick());
          await delay(500 + prng.next() * 3_000);
          network.mend();
        },
        'a cut in one direction': async () => {
          network.isolate(pick(), 'from');
          await delay(500 + prng.next() * 3_000);
          network.mend();
        },
      };
      const names = Object.keys(worries);
      const endMs = Date.now() + CHAOS_SECONDS * 1_000;
      for (let turn = 0; Date.now() < endMs; turn += 1) {
        await worries[names[turn % names.length]!]!();
        const before = told.writes.length;
        await eventually(
          `writes go on after ${names[turn % names.length]!}`,
          () => told.writes.length > before + 20,
          40_000,
        );
      }
      await clients.stop();
      expect(told.writes.length).toBeGreaterThan(1_000);
      expect(await verdictOn(told, members.clientPorts)).toEqual([]);
    },
    TEST_MS,
  );

  it('a leader cut off from the others acknowledges nothing that is lost', async () => {
    const { members, clients } = await start();
    const { told } = clients;
    await eventually('writes are answered', () => told.writes.length > 200);
    const leader = await members.leader();
    network.isolate(leader);
    const before = told.writes.length;
    await eventually('the others go on', () => told.writes.length > before + 200, 30_000);
    await eventually('the old leader no longer leads', async () => (await members.mode(leader)) !== 'leader', 30_000);
    network.mend();
    await eventually('it follows', async () => (await members.mode(leader)) === 'follower', 30_000);
    await clients.stop();
    expect(await verdictOn(told, members.clientPorts)).toEqual([]);
  });
});
