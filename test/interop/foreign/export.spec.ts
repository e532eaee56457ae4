/** What `corral export` makes of the data of a stopped server, as Apache ZooKeeper finds it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { RawClient } from '../../chaos/client/raw-client.js';
import {
  create,
  CreateMode,
  getChildren,
  getData,
  readChildren,
  readData,
  remove,
  setData,
} from '../../chaos/client/requests.js';
import { type RunningServer, startApache, startCorral } from '../harness/index.js';
import { repositoryRoot } from '../harness/repository.js';
import { describeWith, needsApache, needsCorral } from '../harness/requirements.js';

const PORTS = { first: 22_840, last: 22_879 };

describeWith('corral export', [needsApache, needsCorral], () => {
  let directory: string;
  const servers: RunningServer[] = [];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'corral-export-'));
  });

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop('SIGKILL', 10_000);
    rmSync(directory, { recursive: true, force: true });
  });

  const start = async (kind: typeof startCorral, name: string): Promise<RunningServer> => {
    const server = await kind({ directory: join(directory, name), ports: PORTS });
    servers.push(server);
    return server;
  };

  /** Every znode but the system's, with its data and its whole stat. */
  const treeOf = async ({ clientPort }: RunningServer): Promise<Map<string, unknown>> => {
    const client = await RawClient.connect({ port: clientPort });
    const tree = new Map<string, unknown>();
    const waiting = [''];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const { data, stat } = readData((await client.request(getData(path === '' ? '/' : path))).body);
      tree.set(path, { data: data.toString('latin1'), stat });
      for (const name of readChildren((await client.request(getChildren(path === '' ? '/' : path))).body)) {
        if (name !== 'zookeeper') waiting.push(`${path}/${name}`);
      }
    }
    client.destroy();
    return tree;
  };

  it.each([
    ['stopped', 'SIGTERM'],
    ['killed, so that its log is ahead of its tree', 'SIGKILL'],
  ] as const)('takes the data of a server that was %s to Apache ZooKeeper', async (_, signal) => {
    const corral = await start(startCorral, 'corral');
    const client = await RawClient.connect({ port: corral.clientPort });
    for (let at = 0; at < 40; at += 1) {
      await client.request(create(`/dir${at % 4}`, Buffer.from('parent')));
      await client.request(create(`/dir${at % 4}/item-`, Buffer.from([at, 0xff]), CreateMode.sequential));
    }
    await client.request(setData('/dir1', Buffer.from('grüße'), -1));
    await client.request(remove('/dir2/item-0000000003', -1));
    client.destroy();
    const before = await treeOf(corral);
    await corral.stop(signal, 20_000);

    const program = join(repositoryRoot(), 'apps/cli/dist/main.js');
    const [from, to] = [join(directory, 'corral', 'data'), join(directory, 'apache', 'data')];
    const said = execFileSync(process.execPath, [program, 'export', from, to], { encoding: 'utf8' });
    expect(said).toMatch(/version-2: \d+ znodes as of 0x/);
    const apache = await start(startApache, 'apache');
    expect(before.size).toBe(44);
    expect(await treeOf(apache)).toEqual(before);
  });
});
