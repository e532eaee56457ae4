/** One member of three has a full disk: it says so and stays out, the others go on, and it comes back when there is room. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { TestEnsemble } from '../../interop/harness/index.js';
import { describeWith, needsCorral } from '../../interop/harness/requirements.js';
import { RawClient } from '../client/raw-client.js';
import { create, ErrorCode, setData } from '../client/requests.js';
import { eventually } from '../support/eventually.js';
import { needsMount, SmallFileSystem } from '../support/small-file-system.js';
import { differences, dumpOf } from './compare-members.js';

const PORTS = { first: 21_500, last: 21_549 };
const SIZES = { sizeMb: 24, ballastMb: 12 };
const ZNODE_BYTES = 50_000;
/** More than the file system can hold. */
const ZNODES_MAX = 2_000;
const FULL = 3;
/** A tree that fits the file system without its ballast, and not with it. */
const TREE_ZNODES = 30;
const LOG_WRITES = 200;
const BIG_BYTES = 500_000;

describeWith('a full disk in an ensemble', [needsCorral, needsMount], () => {
  let ensemble: TestEnsemble | undefined;
  let disk: SmallFileSystem | undefined;

  afterEach(async () => {
    await ensemble?.stop().catch(() => undefined);
    disk?.unmount();
  });

  it.each([
    ['log', 'log'],
    ['tree', 'data'],
  ])('takes out the member whose %s is on it, and nothing that was acknowledged is lost', async (_what, folder) => {
    const configLines = ['tickTime=400', 'dataLogDir=log'];
    ensemble = await TestEnsemble.start({ kinds: ['corral', 'corral', 'corral'], ports: PORTS, configLines });
    const { log, mode } = { log: ensemble.log.bind(ensemble), mode: ensemble.mode.bind(ensemble) };
    await ensemble.stopMember(FULL);
    disk = new SmallFileSystem(join(ensemble.dataDirectory(FULL), '..', folder), SIZES);
    await ensemble.startMember(FULL);

    const client = await RawClient.connect({ port: ensemble.clientPort(1) });
    const isOut = (): boolean => log(FULL).includes('takes no part in the ensemble any more');
    const write = async (path: string): Promise<void> => {
      expect((await client.request(create(path, Buffer.alloc(ZNODE_BYTES, 7)))).error).toBe(ErrorCode.ok);
    };
    for (let at = 0; at < ZNODES_MAX && !isOut(); at += 1) await write(`/n${String(at)}`);
    expect(log(FULL)).toMatch(/takes no part in the ensemble any more.*(no space left|disk is full)/i);
    expect(await mode(FULL)).toBeUndefined();
    await write('/while-it-is-out');
    client.destroy();

    disk.makeRoom();
    await ensemble.stopMember(FULL);
    await ensemble.startMember(FULL);
    await eventually('it follows', async () => (await mode(FULL)) === 'follower', 30_000);
    const [one, full] = await Promise.all([dumpOf(ensemble.clientPort(1)), dumpOf(ensemble.clientPort(FULL))]);
    expect(one.has('/while-it-is-out')).toBe(true);
    expect(differences(one, full)).toEqual([]);
  });

  it('keeps a new member from taking the tree, which says so, asks less and less often, and takes it when there is room', async () => {
    ensemble = await TestEnsemble.start({
      kinds: ['corral', 'corral', 'corral'],
      ports: PORTS,
      configLines: ['tickTime=400'],
    });
    const mode = ensemble.mode.bind(ensemble);
    // It is read while the start is under way, too.
    const logFile = join(ensemble.dataDirectory(FULL), '..', 'server.log');
    const log = (): string => readFileSync(logFile, 'utf8');
    await ensemble.stopMember(FULL);
    const haveLeader = async (): Promise<boolean> => (await Promise.all([mode(1), mode(2)])).includes('leader');
    await eventually('the others have a leader', haveLeader, 30_000);
    const client = await RawClient.connect({ port: ensemble.clientPort(1) });
    const write = async (request: ReturnType<typeof create>): Promise<void> => {
      expect((await client.request(request)).error).toBe(ErrorCode.ok);
    };
    for (let at = 0; at < TREE_ZNODES; at += 1) await write(create(`/n${String(at)}`, Buffer.alloc(BIG_BYTES, 7)));
    // So much that the beginning of the log is gone, and only the tree has everything.
    for (let at = 0; at < LOG_WRITES; at += 1) await write(setData('/n0', Buffer.alloc(BIG_BYTES, at), -1));
    client.destroy();
    for (const id of [1, 2]) await ensemble.stopMember(id);
    await Promise.all([1, 2].map((id) => ensemble!.startMember(id)));

    disk = new SmallFileSystem(ensemble.dataDirectory(FULL), SIZES);
    rmSync(join(ensemble.dataDirectory(FULL), 'corral'), { recursive: true });
    const starting = ensemble.startMember(FULL);
    starting.catch(() => undefined);
    const tries = (): number => log().split("the leader's tree cannot be taken").length - 1;
    await eventually('it has tried twice', () => Promise.resolve(tries() >= 2), 30_000);
    expect(log()).toMatch(/the leader's tree cannot be taken.*(no space left|disk is full)/i);
    expect(await mode(FULL)).toBeUndefined();

    disk.makeRoom();
    await starting;
    expect(await mode(FULL)).toBe('follower');
    expect(log()).not.toContain('takes no part in the ensemble any more');
    const [one, full] = await Promise.all([dumpOf(ensemble.clientPort(1)), dumpOf(ensemble.clientPort(FULL))]);
    expect(differences(one, full)).toEqual([]);
  }, 120_000);
});
