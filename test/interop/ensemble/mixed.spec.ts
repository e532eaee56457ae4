/** Ensembles of Apache ZooKeeper and Corral members: every composition of three, either kind leading, and moving from one to the other. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { RawClient } from '../../chaos/client/raw-client.js';
import {
  check,
  create,
  CreateMode,
  ErrorCode,
  getData,
  readData,
  remove,
  setData,
  sync,
} from '../../chaos/client/requests.js';
import { Load } from '../../chaos/ensemble/load.js';
import { verdictOn } from '../../chaos/ensemble/verdict.js';
import { eventually } from '../../chaos/support/eventually.js';
import { type ServerKind, TestEnsemble } from '../harness/index.js';
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';

const PORTS = { first: 22_500, last: 22_699 };

/** The member with the largest number leads when all histories are the same. */
const COMPOSITIONS: readonly (readonly ServerKind[])[] = [
  ['corral', 'corral', 'corral'],
  ['apache', 'corral', 'corral'],
  ['corral', 'apache', 'corral'],
  ['apache', 'apache', 'corral'],
  ['corral', 'corral', 'apache'],
  ['corral', 'apache', 'apache'],
];

describeWith('an ensemble of both kinds', [needsApache, needsCorral], () => {
  let ensemble: TestEnsemble | undefined;
  let load: Load | undefined;

  afterEach(async () => {
    await load?.stop();
    await ensemble?.stop();
    load = undefined;
    ensemble = undefined;
  });

  it.each(COMPOSITIONS)(
    'of %s, %s and %s replicates, survives the loss of its leader, and takes the lost member back',
    async (...kinds) => {
      ensemble = await TestEnsemble.start({ kinds, ports: PORTS });
      load = await Load.start(ensemble.clientPorts, 6);
      const { told } = load;
      await eventually('writes are answered', () => told.writes.length > 200);
      const leader = await ensemble.leader();
      await ensemble.stopMember(leader, 'SIGKILL');
      const before = told.writes.length;
      await eventually('writes are answered again', () => told.writes.length > before + 200, 30_000);
      await ensemble.startMember(leader);
      const back = told.writes.length;
      await eventually('writes go on', () => told.writes.length > back + 100, 30_000);
      await load.stop();
      expect(await verdictOn(told, ensemble.clientPorts)).toEqual([]);
    },
  );

  it.each([
    ['Corral leads', ['apache', 'corral', 'corral'] as const],
    ['Apache leads', ['corral', 'corral', 'apache'] as const],
  ])('answers a client of any member alike when %s', async (_, kinds) => {
    ensemble = await TestEnsemble.start({ kinds, ports: PORTS });
    const clients = await Promise.all(ensemble.clientPorts.map((port) => RawClient.connect({ port })));
    for (const [at, client] of clients.entries()) {
      const path = `/member${at + 1}`;
      const codes = [];
      for (const request of [
        create(path, Buffer.from('1')),
        create(path, Buffer.from('1')),
        setData(path, Buffer.from('2'), 0),
        setData(path, Buffer.from('2'), 0),
        remove('/nowhere', -1),
        create('/nowhere/child', Buffer.alloc(0)),
        create(`${path}/eph`, Buffer.alloc(0), CreateMode.ephemeral),
        create(`${path}/eph/child`, Buffer.alloc(0)),
        create(`${path}/seq-`, Buffer.alloc(0), CreateMode.sequential),
        // By itself it would end an ensemble in which Apache's members get it.
        ...(kinds[at] === 'corral' ? [check(path, 1), check(path, 0), check('/nowhere', 0)] : []),
      ]) {
        codes.push((await client.request(request)).error);
      }
      const [ok, nodeExists, badVersion, noNode, noChildrenForEphemerals] = [
        ErrorCode.ok,
        ErrorCode.nodeExists,
        ErrorCode.badVersion,
        ErrorCode.noNode,
        -108,
      ];
      const common = [ok, nodeExists, ok, badVersion, noNode, noNode, ok, noChildrenForEphemerals, ok];
      expect(codes).toEqual(kinds[at] === 'corral' ? [...common, ok, badVersion, noNode] : common);
    }
    for (const client of clients) {
      await client.request(sync('/'));
      const { data } = readData((await client.request(getData('/member1'))).body);
      expect(data.toString()).toBe('2');
      client.destroy();
    }
  });

  it('lets a session move from member to member, and keeps its ephemerals', async () => {
    ensemble = await TestEnsemble.start({ kinds: ['apache', 'corral', 'corral'], ports: PORTS });
    const [first = 0, ...others] = ensemble.clientPorts;
    let client = await RawClient.connect({ port: first });
    const { session } = client;
    await client.request(create('/mine', Buffer.alloc(0), CreateMode.ephemeral));
    for (const port of [...others, first]) {
      client.destroy();
      client = await RawClient.connect({ port, session });
      expect(client.session.id).toBe(session.id);
      await client.request(sync('/'));
      const { stat } = readData((await client.request(getData('/mine'))).body);
      expect(stat.ephemeralOwner).toBe(session.id);
    }
    client.destroy();
  });

  it('moves from Apache to Corral one member at a time under load, and back, and loses nothing', async () => {
    ensemble = await TestEnsemble.start({ kinds: ['apache', 'apache', 'apache'], ports: PORTS });
    load = await Load.start(ensemble.clientPorts, 6);
    const { told } = load;
    await eventually('writes are answered', () => told.writes.length > 300);
    for (const kind of ['corral', 'apache'] as const) {
      for (const id of ensemble.ids) {
        await ensemble.stopMember(id);
        // What Corral keeps is not Apache's to read; the member comes back empty and gets everything from the others.
        if (kind === 'apache') {
          rmSync(join(ensemble.dataDirectory(id), 'version-2'), { recursive: true, force: true });
        }
        const before = told.writes.length;
        await ensemble.startMember(id, kind);
        await eventually('writes go on', () => told.writes.length > before + 100, 30_000);
      }
    }
    await load.stop();
    expect(await verdictOn(told, ensemble.clientPorts)).toEqual([]);
  });
});
