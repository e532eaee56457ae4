import { describe, expect, it } from '@jest/globals';
import { CreateFlag, ErrorCode, type MultiOperation, OPEN_ACL, OpCode } from '@corral/model';
import { MemoryTreeStore } from '@corral/storage-memory';
import { QuotaFigures, QuotaPaths } from './quotas.js';
import { bytesOf, textOf, TreeBench } from './tree-bench.fake.js';

describe('quota figures', () => {
  it.each([
    ['count=5,bytes=10', [5, 10, -1, -1]],
    ['count=-1,bytes=-1', [-1, -1, -1, -1]],
    ['count=-1,bytes=-1=;byteHardLimit=20;countHardLimit=4', [-1, -1, 4, 20]],
    ['countHardLimit=7', [-1, -1, 7, -1]],
    ['', [-1, -1, -1, -1]],
    ['count=5,,;bytes=1', [5, 1, -1, -1]],
    ['other=3,count=2', [2, -1, -1, -1]],
  ])('%j', (text, expected) => {
    const figures = QuotaFigures.parse(bytesOf(text))!;
    expect([figures.count, figures.bytes, figures.countHardLimit, figures.bytesHardLimit]).toEqual(expected);
  });

  it.each(['count=', 'nonsense', 'count=x', 'count=1.5', 'count=0x10', '=5'])('%j cannot be read', (text) => {
    expect(QuotaFigures.parse(bytesOf(text))).toBeUndefined();
  });

  it('that are null cannot be read', () => {
    expect(QuotaFigures.parse(null)).toBeUndefined();
  });

  it.each([
    ['count=5,bytes=10', 'count=6,bytes=13'],
    ['count=1,bytes=1=;byteHardLimit=20;countHardLimit=4', 'count=2,bytes=4=;byteHardLimit=20;countHardLimit=4'],
  ])('%s with one more znode of three bytes are %s', (before, after) => {
    expect(textOf(QuotaFigures.parse(bytesOf(before))!.plus(1, 3).encode())).toBe(after);
  });
});

describe('the paths with a quota', () => {
  it('cover themselves and what is below, the nearest first', () => {
    const paths = new QuotaPaths();
    expect(paths.covering('/a/b')).toBeUndefined();
    paths.add('/a');
    paths.add('/a/b/c');
    const covering = ['/a', '/a/b', '/a/b/c', '/a/b/c/d/e', '/ab', '/', ''].map((path) => paths.covering(path));
    expect(covering).toEqual(['/a', '/a', '/a/b/c', '/a/b/c', undefined, undefined, undefined]);
    paths.delete('/a');
    expect(paths.covering('/a/b')).toBeUndefined();
  });
});

const QUOTA = '/zookeeper/quota';
const limited = (path: string, limits: string, options = {}): TreeBench => {
  const bench = new TreeBench(new MemoryTreeStore(), options);
  let at = QUOTA;
  for (const name of path.split('/').slice(1)) {
    at += `/${name}`;
    bench.create(at);
  }
  bench.create(`${QUOTA}${path}/zookeeper_limits`, { data: limits });
  bench.apply();
  return bench;
};
const withStats = (bench: TreeBench, path: string): TreeBench => {
  bench.create(`${QUOTA}${path}/zookeeper_stats`, { data: 'count=0,bytes=0' });
  bench.apply();
  return bench;
};
const statsOf = (bench: TreeBench, path: string): unknown => bench.text(`${QUOTA}${path}/zookeeper_stats`);

describe('usage under a quota', () => {
  it('is what is there when the stats znode comes, whatever was written into it', () => {
    const bench = limited('/a', 'count=5,bytes=100').plant('/a=four', '/a/b=three', '/a/b/c', '/ab=other');
    withStats(bench, '/a');
    expect(statsOf(bench, '/a')).toBe('count=3,bytes=9');
  });

  it('is nothing where nothing is yet', () => {
    expect(statsOf(withStats(limited('/a', 'count=5,bytes=100'), '/a'), '/a')).toBe('count=0,bytes=0');
  });

  it('follows every change below the path', () => {
    const bench = withStats(limited('/a', 'count=5,bytes=100'), '/a').plant('/a=four', '/a/b=three');
    expect(statsOf(bench, '/a')).toBe('count=2,bytes=9');
    bench.setData('/a/b', 'longer');
    bench.setData('/a', null);
    bench.create('/a/c', { data: null });
    bench.create('/a/e', { flags: CreateFlag.ephemeral, data: 'gone' });
    bench.apply();
    expect(statsOf(bench, '/a')).toBe('count=4,bytes=10');
    bench.closeSession(0x100n);
    bench.delete('/a/b');
    bench.apply();
    expect(statsOf(bench, '/a')).toBe('count=2,bytes=0');
  });

  it('is told in the data of the stats znode and nowhere else', () => {
    const bench = withStats(limited('/a', 'count=5,bytes=100'), '/a');
    const before = bench.stat(`${QUOTA}/a/zookeeper_stats`)!;
    bench.tree.dataWatches.add(`${QUOTA}/a/zookeeper_stats`, { name: 'ann' }, 1);
    bench.plant('/a=0123456789');
    expect(bench.stat(`${QUOTA}/a/zookeeper_stats`)).toEqual({ ...before, dataLength: 'count=1,bytes=10'.length });
    expect(bench.takeEvents()).toEqual([]);
  });

  it('counts for the nearest quota alone', () => {
    const bench = withStats(limited('/a', 'count=5,bytes=100'), '/a').plant('/a');
    bench.create(`${QUOTA}/a/b`);
    bench.create(`${QUOTA}/a/b/zookeeper_limits`, { data: 'count=1,bytes=1' });
    bench.create(`${QUOTA}/a/b/zookeeper_stats`);
    bench.plant('/a/b=xy', '/a/c=z');
    expect([statsOf(bench, '/a'), statsOf(bench, '/a/b')]).toEqual(['count=2,bytes=1', 'count=1,bytes=2']);
  });

  it('is counted no more when the limits or the stats have gone', () => {
    const bench = withStats(limited('/a', 'count=5,bytes=100'), '/a').plant('/a');
    bench.delete(`${QUOTA}/a/zookeeper_limits`);
    bench.apply();
    bench.plant('/a/b');
    expect(statsOf(bench, '/a')).toBe('count=1,bytes=0');
    bench.create(`${QUOTA}/a/zookeeper_limits`);
    bench.delete(`${QUOTA}/a/zookeeper_stats`);
    bench.plant('/a/c');
    expect(statsOf(bench, '/a')).toBeUndefined();
  });

  it('goes on being counted by a tree that is opened again', () => {
    const store = new MemoryTreeStore();
    const bench = new TreeBench(store).plant(
      `${QUOTA}/a`,
      `${QUOTA}/a/zookeeper_limits`,
      `${QUOTA}/a/zookeeper_stats`,
      '/a',
    );
    expect(statsOf(bench, '/a')).toBe('count=1,bytes=0');
    const again = new TreeBench(store).plant('/a/b=12');
    expect(statsOf(again, '/a')).toBe('count=2,bytes=2');
  });

  it('keeps the sum of all data right', () => {
    const bench = withStats(limited('/a', 'count=5,bytes=100'), '/a').plant('/a=0123456789');
    let sizeBytes = 0;
    for (const open = ['/']; open.length > 0;) {
      const path = open.pop()!;
      sizeBytes += path.length + bench.stat(path)!.dataLength;
      for (const name of bench.tree.childNames(path)) open.push(path === '/' ? `/${name}` : `${path}/${name}`);
    }
    expect(bench.tree.dataSizeBytes).toBe(sizeBytes);
  });
});

describe('a soft quota', () => {
  it('refuses nothing', () => {
    const bench = withStats(limited('/a', 'count=1,bytes=1', { enforceQuota: true }), '/a').plant(
      '/a=long',
      '/a/b=long',
    );
    expect(bench.setData('/a', 'much longer')).toBe(ErrorCode.ok);
  });
});

describe('a hard quota', () => {
  const HARD = 'count=-1,bytes=-1=;byteHardLimit=10;countHardLimit=3';
  const enforced = (limits = HARD): TreeBench =>
    withStats(limited('/a', limits, { enforceQuota: true }), '/a').plant('/a=1234');

  it('refuses what would be too many, up to the limit nothing', () => {
    const bench = enforced().plant('/a/b', '/a/c');
    expect(bench.create('/a/d', { data: null })).toBe(ErrorCode.quotaExceeded);
    expect(bench.create('/a/s', { flags: CreateFlag.persistentSequential, data: null })).toBe(ErrorCode.quotaExceeded);
    expect(bench.create('/a/e', { flags: CreateFlag.ephemeral, data: null })).toBe(ErrorCode.quotaExceeded);
    expect(bench.create('/elsewhere')).toBe('/elsewhere');
  });

  it('refuses what would be too long, up to the limit nothing', () => {
    const bench = enforced();
    expect(bench.create('/a/b', { data: '1234567' })).toBe(ErrorCode.quotaExceeded);
    expect(bench.setData('/a', '12345678901')).toBe(ErrorCode.quotaExceeded);
    expect(bench.setData('/a', '1234567890')).toBe(ErrorCode.ok);
    bench.apply();
    expect(bench.create('/a/b', { data: null })).toBe('/a/b');
    expect(bench.create('/a/c', { data: '1' })).toBe(ErrorCode.quotaExceeded);
  });

  it('lets the length stay as it is even over the limit, and refuses what is still over it', () => {
    const bench = enforced();
    bench.setData(`${QUOTA}/a/zookeeper_limits`, 'byteHardLimit=2');
    bench.apply();
    expect(bench.setData('/a', 'same')).toBe(ErrorCode.ok);
    expect(bench.setData('/a', '123')).toBe(ErrorCode.quotaExceeded);
    expect(bench.setData('/a', '12')).toBe(ErrorCode.ok);
  });

  it('comes after what is there and what may be done, before the version', () => {
    const bench = enforced('countHardLimit=1;byteHardLimit=4');
    expect(bench.create('/a')).toBe(ErrorCode.nodeExists);
    expect(bench.create('/a/none/x')).toBe(ErrorCode.noNode);
    expect(bench.setData('/a/none', 'x')).toBe(ErrorCode.noNode);
    expect(bench.setData('/a', '12345', 7)).toBe(ErrorCode.quotaExceeded);
    expect(bench.setData('/a', '1', 7)).toBe(ErrorCode.badVersion);
  });

  it('measures what a write adds by the data that was proposed before it', () => {
    const bench = enforced();
    expect(bench.setData('/a', '1234567890')).toBe(ErrorCode.ok);
    expect(bench.setData('/a', '12345678901')).toBe(ErrorCode.ok);
    bench.apply();
    expect(bench.setData('/a', '123456789012')).toBe(ErrorCode.quotaExceeded);
  });

  it('is checked against what is used, not against what the same multi frees', () => {
    const bench = enforced('countHardLimit=2').plant('/a/b');
    const operations: MultiOperation[] = [
      { type: OpCode.delete, path: '/a/b', version: -1 },
      { type: OpCode.create, path: '/a/c', data: null, acl: OPEN_ACL, flags: 0 },
    ];
    expect(bench.multi(operations)).toEqual([0, ErrorCode.quotaExceeded]);
  });

  it.each(['count=', 'nonsense', null])('that says %j refuses what it might be about', (limits) => {
    const bench = enforced('count=-1');
    bench.setData(`${QUOTA}/a/zookeeper_limits`, limits);
    bench.apply();
    expect(bench.create('/a/b')).toBe(ErrorCode.marshallingError);
    expect(bench.setData('/a', 'x')).toBe(ErrorCode.marshallingError);
    expect(bench.create('/b')).toBe('/b');
  });

  it('is none without a stats znode, and none while it is not enforced', () => {
    const unmeasured = limited('/a', 'countHardLimit=0', { enforceQuota: true });
    expect(unmeasured.create('/a')).toBe('/a');
    const unenforced = withStats(limited('/a', 'countHardLimit=0'), '/a');
    expect(unenforced.create('/a')).toBe('/a');
  });
});
