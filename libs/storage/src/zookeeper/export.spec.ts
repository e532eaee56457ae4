import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TreeStore } from '@corral/znode';
import { LmdbTreeStore } from '../lmdb/lmdb-tree-store.js';
import { type Exported, exportForApache } from './export.js';
import { takeOverApacheData } from './take-over.js';

const FIXTURE = fileURLToPath(new URL('../../testing/fixtures/apache-3.8', import.meta.url));

/** Everything in a store. */
function contentsOf(store: TreeStore): unknown {
  const records = new Map<string, string>();
  const walk = (path: string): void => {
    records.set(path, Buffer.from(store.get(path)!).toString('hex'));
    for (const name of store.childNames(path)) walk(path === '/' ? `/${name}` : `${path}/${name}`);
  };
  walk('/');
  return { records, state: { ...store.state }, sessions: new Map(store.sessions()), owned: new Map(store.owned()) };
}

describe('a data directory for Apache ZooKeeper', () => {
  let directory: string;
  const home = (name: string): { treeFile: string; logDirectory: string } => ({
    treeFile: join(directory, name, 'tree.lmdb'),
    logDirectory: join(directory, name, 'log'),
  });

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'corral-export-'));
    cpSync(FIXTURE, join(directory, 'apache'), { recursive: true });
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const takeOver = async (from: string, name: string, withTail: boolean): Promise<void> => {
    const { logDirectory, treeFile } = home(name);
    mkdirSync(logDirectory, { recursive: true });
    const tailDirectory = withTail ? logDirectory : undefined;
    await takeOverApacheData({ snapshotDirectory: from, logDirectory: from, treeFile, tailDirectory });
  };

  const contents = async (name: string): Promise<unknown> => {
    const store = LmdbTreeStore.open({ file: home(name).treeFile });
    const found = contentsOf(store);
    await store.close();
    return found;
  };

  const exportFrom = (name: string): Promise<Exported> =>
    exportForApache({
      ...home(name),
      epochDirectory: join(directory, 'epochs'),
      outDirectory: join(directory, 'out'),
    });

  it('holds the tree, the rest of the log and the epochs, so that what is made from it is the same again', async () => {
    const apache = join(directory, 'apache');
    for (const name of ['snapshot.17', 'snapshot.2a']) rmSync(join(apache, name));
    await takeOver(apache, 'whole', false);
    await takeOver(apache, 'tail', true);
    mkdirSync(join(directory, 'epochs'));
    writeFileSync(join(directory, 'epochs', 'currentEpoch'), '7');
    const exported = await exportFrom('tail');
    expect(exported).toMatchObject({
      zxid: 0,
      znodeCount: 4,
      snapshotFile: join(directory, 'out/version-2/snapshot.0'),
    });
    expect(exported.logCount).toBeGreaterThan(40);
    const out = join(directory, 'out', 'version-2');
    expect(readdirSync(out).sort()).toEqual(['currentEpoch', 'log.1', 'snapshot.0']);
    expect(readFileSync(join(out, 'currentEpoch'), 'utf8')).toBe('7');
    await takeOver(out, 'again', false);
    expect(await contents('again')).toEqual(await contents('whole'));
  });

  it('shows the tree alone when the log has nothing more', async () => {
    await takeOver(join(directory, 'apache'), 'whole', false);
    const before = await contents('whole');
    expect(await exportFrom('whole')).toMatchObject({ logCount: 0, zxid: 0x31 });
    await takeOver(join(directory, 'out', 'version-2'), 'again', false);
    expect(await contents('again')).toEqual(before);
  });

  it('is not made without the log, which may hold what the tree does not have yet', async () => {
    await takeOver(join(directory, 'apache'), 'whole', false);
    rmSync(home('whole').logDirectory, { recursive: true, force: true });
    await expect(exportFrom('whole')).rejects.toThrow(/there is no log .*whole/);
    expect(existsSync(join(directory, 'out'))).toBe(false);
  });

  it('is not made over another one, nor out of nothing', async () => {
    await expect(exportFrom('nowhere')).rejects.toThrow(/there is no tree/);
    await takeOver(join(directory, 'apache'), 'whole', false);
    await exportFrom('whole');
    await expect(exportFrom('whole')).rejects.toThrow(/is not empty/);
  });
});
