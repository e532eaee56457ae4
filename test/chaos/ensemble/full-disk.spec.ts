/** One member of three has a full disk: it says so and stays out, the others go on, and it comes back when there is room. */
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { TestEnsemble } from '../../interop/harness/index.js';
import { describeWith, needsCorral } from '../../interop/harness/requirements.js';
import { RawClient } from '../client/raw-client.js';
import { create, ErrorCode } from '../client/requests.js';
import { eventually } from '../support/eventually.js';
import { needsMount, SmallFileSystem } from '../support/small-file-system.js';
import { differences, dumpOf } from './compare-members.js';

const PORTS = { first: 21_500, last: 21_549 };
const SIZES = { sizeMb: 24, ballastMb: 12 };
const ZNODE_BYTES = 50_000;
/** More than the file system can hold. */
const ZNODES_MAX = 2_000;
const FULL = 3;

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
});
