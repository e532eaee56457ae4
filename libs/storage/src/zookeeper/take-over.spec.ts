import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatSessionId, ZXID_ZERO } from '@corral/primitives';
import { decodeAcl, JuteAclCodec, readTransaction, RecordReader } from '@corral/wire';
import { aclBytesOf, dataOf, statOf, Tree, type TreeStore } from '@corral/znode';
import { allocate } from '../allocate.js';
import { LmdbTreeStore } from '../lmdb/lmdb-tree-store.js';
import { LogDamagedError } from '../log/errors.js';
import { FileTransactionLog } from '../log/file-transaction-log.js';
import { TakeOverFailedError } from './errors.js';
import { type TakenOver, takeOverApacheData } from './take-over.js';

const FIXTURES = fileURLToPath(new URL('../../testing/fixtures/', import.meta.url));

/** A line of `expected.jsonl`. */
interface ExpectedZnode {
  readonly path: string;
  readonly data: string;
  readonly stat: Record<string, number | string>;
  readonly acl: [number, string, string][];
}

function expectedOf(fixture: string): { sessions: string[]; znodes: Map<string, unknown> } {
  const lines = readFileSync(join(FIXTURES, fixture, 'expected.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const { sessions } = JSON.parse(lines[0]!) as { sessions: string[] };
  const znodes = lines.slice(1).map((line) => JSON.parse(line) as ExpectedZnode);
  return { sessions: sessions.sort(), znodes: new Map(znodes.map(({ path, ...rest }) => [path, rest])) };
}

/** Everything in a store, in the form of the fixture. */
function contentsOf(store: TreeStore): { sessions: string[]; znodes: Map<string, unknown> } {
  const znodes = new Map<string, unknown>();
  const walk = (path: string): void => {
    const record = store.get(path)!;
    const { ctimeMs, mtimeMs, ephemeralOwner, ...stat } = statOf(record);
    znodes.set(path, {
      data: Buffer.from(dataOf(record)!).toString('base64'),
      stat: { ...stat, ctime: ctimeMs, mtime: mtimeMs, ephemeralOwner: formatSessionId(ephemeralOwner) },
      acl: decodeAcl(aclBytesOf(record)).map(({ perms, scheme, id }) => [perms, scheme, id]),
    });
    for (const name of store.childNames(path)) walk(path === '/' ? `/${name}` : `${path}/${name}`);
  };
  walk('/');
  return { sessions: [...store.sessions()].map(([id]) => formatSessionId(id)).sort(), znodes };
}

describe('taking over the data of Apache ZooKeeper', () => {
  let directory: string;
  let apache: string;
  let treeFile: string;
  let messages: string[];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'corral-take-over-'));
    apache = join(directory, 'version-2');
    treeFile = join(directory, 'corral', 'tree.mdb');
    messages = [];
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const copyFixture = (name: string): void => {
    cpSync(join(FIXTURES, name), apache, { recursive: true });
  };

  const takeOver = (): Promise<TakenOver | undefined> =>
    takeOverApacheData({
      snapshotDirectory: apache,
      logDirectory: apache,
      treeFile,
      logger: (level, message) => messages.push(`${level}: ${message}`),
    });

  const withStore = async <T>(use: (store: LmdbTreeStore) => T): Promise<T> => {
    const store = LmdbTreeStore.open({ file: treeFile });
    try {
      return use(store);
    } finally {
      await store.close();
    }
  };

  const expectEverything = async (fixture: string): Promise<void> => {
    const expected = expectedOf(fixture);
    const { found, state } = await withStore((store) => ({ found: contentsOf(store), state: store.state }));
    expect(found).toEqual(expected);
    expect(state.znodeCount).toBe(expected.znodes.size);
    const sizes = [...found.znodes].map(
      ([path, znode]) => path.length + Number((znode as ExpectedZnode).stat.dataLength),
    );
    expect(state.dataSizeBytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
  };

  const file = (name: string): string => join(apache, name);

  it.each(['apache-3.8', 'apache-3.8-gzip'])('finds in %s exactly what the server had', async (fixture) => {
    copyFixture(fixture);
    const before = readdirSync(apache).map((name) => readFileSync(file(name)));
    const taken = await takeOver();
    await expectEverything(fixture);
    expect(taken).toMatchObject({ znodeCount: expectedOf(fixture).znodes.size, sessionCount: 3 });
    expect(messages).toEqual(['info: took over the data of Apache ZooKeeper']);
    expect(readdirSync(apache).map((name) => readFileSync(file(name)))).toEqual(before);
    expect(readdirSync(join(directory, 'corral')).filter((name) => name.includes('importing'))).toEqual([]);
  });

  it.each(['snapshot.0', 'snapshot.17'])('finds the same from the older %s and more of the log', async (snapshot) => {
    copyFixture('apache-3.8');
    for (const name of readdirSync(apache)) if (name.startsWith('snapshot') && name !== snapshot) rmSync(file(name));
    await takeOver();
    await expectEverything('apache-3.8');
  });

  it.each([
    ['snapshot.2a', 'snapshot.0'],
    ['snapshot.2a', 'snapshot.17'],
    ['snapshot.17', 'snapshot.0'],
    ['snapshot.17', 'snapshot.5'],
    ['snapshot.2a', 'snapshot.20'],
  ])('finds the same when %s was ahead of the log by as much as if it were %s', async (ahead, name) => {
    copyFixture('apache-3.8');
    const bytes = readFileSync(file(ahead));
    for (const other of readdirSync(apache)) if (other.startsWith('snapshot')) rmSync(file(other));
    writeFileSync(file(name), bytes);
    await takeOver();
    await expectEverything('apache-3.8');
  });

  describe('for a member of an ensemble', () => {
    const logDirectory = (): string => join(directory, 'corral', 'log');

    const takeOverWithTail = (): Promise<TakenOver | undefined> =>
      takeOverApacheData({
        snapshotDirectory: apache,
        logDirectory: apache,
        treeFile,
        tailDirectory: logDirectory(),
        logger: (level, message) => messages.push(`${level}: ${message}`),
      });

    const onlySnapshot = (name: string, as = name): void => {
      const bytes = readFileSync(file(name));
      for (const other of readdirSync(apache)) if (other.startsWith('snapshot')) rmSync(file(other));
      writeFileSync(file(as), bytes);
    };

    /** Commits all of the log, by the strict rules of a tree. */
    const commitTail = async (): Promise<number> => {
      const store = LmdbTreeStore.open({ file: treeFile });
      const log = FileTransactionLog.open({ directory: logDirectory(), appliedZxid: store.state.appliedZxid });
      const tree = new Tree({ store, aclCodec: new JuteAclCodec(), allocate, deliver: () => undefined });
      const entries = [...log.read(ZXID_ZERO)].map(({ bytes }) => Buffer.from(bytes));
      for (const bytes of entries) tree.apply(readTransaction(new RecordReader().reset(bytes, 0, bytes.length)));
      log.close();
      await store.close();
      return entries.length;
    };

    it.each(['snapshot.0', 'snapshot.17', 'snapshot.2a'])(
      'only what %s shows is in the tree, and the rest in the log: it can be cut off, and makes the tree whole',
      async (name) => {
        copyFixture('apache-3.8');
        onlySnapshot(name);
        const taken = await takeOverWithTail();
        expect(taken!.lastZxid).toBe(Number.parseInt(name.slice('snapshot.'.length), 16));
        expect(taken!.transactionCount).toBe(0);
        expect(await commitTail()).toBe(taken!.tailCount);
        await expectEverything('apache-3.8');
      },
    );

    it.each([
      ['snapshot.17', 'snapshot.5'],
      ['snapshot.2a', 'snapshot.20'],
    ])('%s goes as far as its end says, and not only as far as the name %s', async (ahead, name) => {
      copyFixture('apache-3.8');
      onlySnapshot(ahead, name);
      const taken = await takeOverWithTail();
      expect(taken!.lastZxid).toBe(Number.parseInt(ahead.slice('snapshot.'.length), 16));
      expect(taken!.transactionCount).toBeGreaterThan(0);
      await commitTail();
      await expectEverything('apache-3.8');
    });

    it('a snapshot that shows more than the log has is not used', async () => {
      copyFixture('apache-3.8');
      renameSync(file('snapshot.2a'), file('snapshot.20'));
      for (const name of readdirSync(apache)) if (name.startsWith('log') && name > 'log.18') rmSync(file(name));
      expect((await takeOverWithTail())!.snapshotFile).toBe(file('snapshot.17'));
    });

    it('begins anew after an attempt that was cut short, and leaves alone a log that has lost its tree', async () => {
      copyFixture('apache-3.8');
      onlySnapshot('snapshot.17');
      await takeOverWithTail();
      const names = readdirSync(logDirectory());
      rmSync(treeFile);
      await expect(takeOverWithTail()).rejects.toThrow(/the tree that it belongs to is missing/);
      writeFileSync(join(logDirectory(), 'taking-over'), '');
      await takeOverWithTail();
      expect(readdirSync(logDirectory())).toEqual(names);
      writeFileSync(join(logDirectory(), 'taking-over'), '');
      expect(await takeOverWithTail()).toBeUndefined();
      expect(readdirSync(logDirectory())).toEqual(names);
      await commitTail();
      await expectEverything('apache-3.8');
    });
  });

  it('uses the snapshot before a damaged one, and says so', async () => {
    copyFixture('apache-3.8');
    const bytes = readFileSync(file('snapshot.2a'));
    for (const damage of ['flipped', 'short', 'empty']) {
      if (damage === 'flipped') writeFileSync(file('snapshot.2a'), Buffer.from(bytes).fill(0xee, 1500, 1501));
      if (damage === 'short') truncateSync(file('snapshot.2a'), 2000);
      if (damage === 'empty') truncateSync(file('snapshot.2a'), 0);
      rmSync(treeFile, { force: true });
      messages = [];
      expect((await takeOver())!.snapshotFile).toBe(file('snapshot.17'));
      await expectEverything('apache-3.8');
      expect(messages[0]).toBe('warn: could not use a snapshot; trying the one before it');
    }
  });

  it('refuses when no snapshot is sound, and leaves nothing behind', async () => {
    copyFixture('apache-3.8');
    for (const name of readdirSync(apache)) if (name.startsWith('snapshot')) truncateSync(file(name), 100);
    await expect(takeOver()).rejects.toThrow(TakeOverFailedError);
    await expect(takeOver()).rejects.toThrow('snapshot.17');
    expect(existsSync(treeFile)).toBe(false);
    expect(readdirSync(join(directory, 'corral'))).toEqual([]);
  });

  it('refuses snappy with a way out', async () => {
    copyFixture('apache-3.8');
    for (const name of readdirSync(apache)) if (name.startsWith('snapshot')) rmSync(file(name));
    writeFileSync(file('snapshot.0.snappy'), 'whatever');
    await expect(takeOver()).rejects.toThrow('snapshot.compression.method');
  });

  it('refuses a log whose snapshot is missing', async () => {
    copyFixture('apache-3.8');
    for (const name of readdirSync(apache)) if (name.startsWith('snapshot')) rmSync(file(name));
    await expect(takeOver()).rejects.toThrow('no snapshot');
  });

  it('passes over the torn record that a crash left at the end of a log file', async () => {
    copyFixture('apache-3.8');
    const log = readFileSync(file('log.19'));
    const end = log.findLastIndex((byte) => byte !== 0) + 1;
    writeFileSync(file('log.19'), Buffer.concat([log.subarray(0, end), log.subarray(16, 60)]));
    await takeOver();
    await expectEverything('apache-3.8');
    expect(messages[0]).toBe('warn: passed over a torn record at the end of a log file');
  });

  it('refuses a log that is damaged in the middle', async () => {
    copyFixture('apache-3.8');
    const log = readFileSync(file('log.19'));
    log[100] = log[100]! ^ 1;
    writeFileSync(file('log.19'), log);
    for (const name of ['snapshot.2a', 'snapshot.17']) rmSync(file(name));
    await expect(takeOver()).rejects.toThrow(LogDamagedError);
    expect(existsSync(treeFile)).toBe(false);
  });

  it('does nothing when there is a tree, or nothing to take', async () => {
    expect(await takeOver()).toBeUndefined();
    copyFixture('apache-3.8');
    await takeOver();
    messages = [];
    expect(await takeOver()).toBeUndefined();
    expect(messages).toEqual([]);
  });

  it('begins again after a crash in the middle', async () => {
    copyFixture('apache-3.8');
    await takeOver();
    // A tree that was never finished lies under the other name, with something else in it.
    renameSync(treeFile, `${treeFile}.importing`);
    rmSync(file('log.2c'));
    await takeOver();
    const lastZxid = await withStore((store) => store.state.appliedZxid);
    expect(lastZxid).toBe(0x2b);
  });

  it('reads a gzip snapshot of any size in the chunks in which it comes', async () => {
    copyFixture('apache-3.8');
    writeFileSync(file('snapshot.2a.gz'), gzipSync(readFileSync(file('snapshot.2a'))));
    rmSync(file('snapshot.2a'));
    await takeOver();
    await expectEverything('apache-3.8');
  });
});
