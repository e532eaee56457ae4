import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Zxid } from '@corral/primitives';
import { takeOverApacheData } from '../zookeeper/take-over.js';
import { inspectLog } from './inspect-log.js';
import { inspectTree } from './inspect-tree.js';

const FIXTURE = fileURLToPath(new URL('../../testing/fixtures/apache-3.8', import.meta.url));

describe('what a person is shown', () => {
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'corral-inspect-'));
    const apache = join(directory, 'version-2');
    cpSync(FIXTURE, apache, { recursive: true });
    const treeFile = join(directory, 'corral', 'tree.lmdb');
    await takeOverApacheData({ snapshotDirectory: apache, logDirectory: apache, treeFile });
  });

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  const log = (options = {}, from = directory): string[] =>
    [...inspectLog(from, options)].map((line) => line.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/gu, 'TIME'));
  const tree = (options = {}): string[] =>
    [...inspectTree(directory, options)].map((line) => line.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/gu, 'TIME'));

  it('of a log: one line per transaction, and one per part of a multi', () => {
    const lines = log();
    expect(lines[0]).toBe(`# ${join(directory, 'version-2', 'log.1')}, 7184 bytes`);
    expect(lines).toContain('0x3  TIME  0x100003aaf8f0000  create  /app  11 bytes');
    expect(lines).toContain('0x1  TIME  0x100003aaf8f0000  createSession  timeout 30000 ms');
    const multi = lines.findIndex((line) => line.includes('multi  4 changes'));
    expect(lines.slice(multi + 1, multi + 5)).toEqual([
      '    create  /multi  1 bytes',
      '    create  /multi/a  1 bytes',
      '    setData  /app  7 bytes, version 1',
      '    delete  /app/seq-0000000003',
    ]);
    expect(lines.filter((line) => line.startsWith('0x'))).toHaveLength(0x31);
  });

  it('of a log: the part that was asked for', () => {
    const zxids = (options: object): string[] =>
      log(options)
        .filter((line) => line.startsWith('0x'))
        .map((line) => line.split(' ')[0]!);
    expect(zxids({ after: 5 as Zxid, limit: 2 })).toEqual(['0x6', '0x7']);
    expect(zxids({ after: 0x18 as Zxid, through: 0x1b as Zxid })).toEqual(['0x19', '0x1a', '0x1b']);
    expect(zxids({ path: '/multi' })).toHaveLength(1);
    expect(log({ path: '/members' }).filter((line) => line.includes('closeSession'))).toHaveLength(1);
  });

  it('of a log that is torn or damaged: where, and what is still good', () => {
    const torn = join(directory, 'torn');
    cpSync(FIXTURE, torn, { recursive: true });
    const bytes = readFileSync(join(torn, 'log.1'));
    const used = bytes.findLastIndex((byte) => byte !== 0) + 1;
    writeFileSync(join(torn, 'log.1'), bytes.subarray(0, used));
    appendFileSync(join(torn, 'log.1'), 'half an entry');
    bytes[200] = bytes[200]! ^ 1;
    writeFileSync(join(torn, 'log.19'), bytes);
    const notes = log({}, torn).filter((line) => line.startsWith('#'));
    expect(notes).toContain(`# torn at the end: byte ${String(used)}: a checksum that is none`);
    expect(notes.some((note) => note.startsWith('# damaged, with a good entry at byte'))).toBe(true);
    expect(notes).toContain(`# ${join(torn, 'log.2c')}, 5136 bytes`);
  });

  it('of a tree: sessions and znodes, in order', () => {
    const lines = tree();
    expect(lines[0]).toMatch(/^# zxid 0x31, \d+ znodes, \d+ bytes of paths and data$/u);
    expect(lines.filter((line) => line.startsWith('# session'))).toHaveLength(3);
    const paths = lines.filter((line) => !line.startsWith('#')).map((line) => line.split('  ')[0]!);
    expect(paths.slice(0, 4)).toEqual(['/', '/app', '/app/config', '/app/readable']);
    expect(paths).toContain('/日本/京都');
    expect(lines.find((line) => line.startsWith('/members/one'))).toBe(
      '/members/one  1 bytes  version 0  children 0  czxid 0x15  mzxid 0x15  modified TIME  ephemeral of 0x100003aaf8f0000',
    );
    expect(lines.find((line) => line.startsWith('/app/config'))).toMatch(
      /acl digest:alice:[^ ]+:cdrwa world:anyone:r$/u,
    );
  });

  it('of a tree: the part that was asked for', () => {
    expect(tree({ path: '/gone' }).slice(1)).toHaveLength(3);
    expect(tree({ path: '/', limit: 2 }).filter((line) => !line.startsWith('#'))).toHaveLength(2);
    expect(tree({ limit: 2 })[3]).toBe('# and 1 more sessions');
    expect(() => tree({ path: '/nowhere' })).toThrow('there is no znode /nowhere');
  });

  it('says where it has looked when there is nothing', () => {
    expect(() => log({}, join(directory, 'nowhere'))).toThrow('there is no transaction log');
    expect(() => [...inspectTree(join(directory, 'nowhere'))]).toThrow('there is no tree');
  });
});
