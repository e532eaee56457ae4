import { beforeEach, describe, expect, it } from '@jest/globals';
import { type SessionId, type Zxid } from '@corral/primitives';
import {
  type Change,
  CONTAINER_OWNER,
  CreateFlag,
  ErrorCode,
  type NodeChange,
  OPEN_ACL,
  OpCode,
  type Transaction,
} from '@corral/model';
import { MemoryTreeStore } from '@corral/storage-memory';
import * as records from './record.js';
import { isSystemPath } from './system-paths.js';
import { bytesOf, requester, TreeBench } from './tree-bench.fake.js';

let store: MemoryTreeStore;
let bench: TreeBench;

beforeEach(() => {
  store = new MemoryTreeStore();
  bench = new TreeBench(store);
});

const transaction = (zxid: number, change: Change, sessionId = 0x100n): Transaction => ({
  header: { sessionId: sessionId as SessionId, cxid: 1, zxid: zxid as Zxid, timeMs: zxid * 1000 },
  change,
});
const create = (path: string, parentCreates: number, ephemeral = false): NodeChange => ({
  type: OpCode.create,
  path,
  data: bytesOf('x'),
  acl: OPEN_ACL,
  ephemeral,
  parentCreates,
});

describe('a new tree', () => {
  it('holds what ZooKeeper’s begins with', () => {
    expect(bench.tree.childNames('/')).toEqual(['zookeeper']);
    expect(bench.tree.childNames('/zookeeper').sort()).toEqual(['config', 'quota']);
    expect(bench.tree.znodeCount).toBe(4);
    expect(bench.tree.appliedZxid).toBe(0);
    expect(bench.stat('/')).toMatchObject({ czxid: 0, mzxid: 0, pzxid: 0, cversion: -1, numChildren: 1, version: 0 });
    expect(bench.stat('/zookeeper')).toMatchObject({ cversion: -2, numChildren: 2 });
    expect(bench.text('/')).toBe('');
  });

  it('lets everybody read its configuration and nobody else do anything to it', () => {
    const config = bench.tree.get('/zookeeper/config')!;
    expect(bench.tree.aclOf(config)).toEqual([{ perms: 1, scheme: 'world', id: 'anyone' }]);
    expect(bench.tree.aclOf(bench.tree.get('/')!)).toBe(OPEN_ACL);
  });

  it('knows its own znodes', () => {
    const paths = ['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config', '/zookeeper/other', '/a', ''];
    expect(paths.map(isSystemPath)).toEqual([true, true, true, true, false, false, false]);
  });

  it('knows the root by two names', () => {
    expect(bench.tree.get('')).toBe(bench.tree.get('/'));
    expect(bench.tree.childNames('')).toEqual(['zookeeper']);
    expect([bench.tree.countBelow(''), bench.tree.countBelow('/')]).toEqual([3, 3]);
  });

  it('is not planted again when the store holds one', () => {
    bench.plant('/a=x');
    const again = new TreeBench(store);
    expect(again.text('/a')).toBe('x');
    expect(again.tree.znodeCount).toBe(5);
    expect(again.tree.appliedZxid).toBe(1);
  });
});

describe('applying', () => {
  it('answers a create with the znode’s record, and counts it in its parent', () => {
    const record = bench.tree.apply(transaction(1, create('/a', 1)));
    expect(record).toBe(bench.tree.get('/a'));
    expect(bench.stat('/a')).toMatchObject({
      czxid: 1,
      mzxid: 1,
      pzxid: 1,
      ctimeMs: 1000,
      mtimeMs: 1000,
      dataLength: 1,
    });
    expect(bench.stat('/')).toMatchObject({ pzxid: 1, mzxid: 0, cversion: 0, numChildren: 2 });
    expect(records.createsOf(bench.tree.get('/')!)).toBe(1);
    expect([bench.tree.znodeCount, bench.tree.appliedZxid]).toEqual([5, 1]);
  });

  it('takes the count of creations from the leader', () => {
    bench.tree.apply(transaction(1, create('/a', 41)));
    expect(bench.create('/s', { flags: CreateFlag.persistentSequential })).toBe('/s0000000041');
  });

  it('of a delete takes the znode and counts the sizes down', () => {
    const sizeBytes = bench.tree.dataSizeBytes;
    bench.tree.apply(transaction(1, create('/a', 1)));
    expect(bench.tree.dataSizeBytes).toBe(sizeBytes + 3);
    expect(bench.tree.apply(transaction(2, { type: OpCode.delete, path: '/a' }))).toBeUndefined();
    expect(bench.tree.get('/a')).toBeUndefined();
    expect(bench.tree.childNames('/')).toEqual(['zookeeper']);
    expect(bench.stat('/')).toMatchObject({ pzxid: 2, cversion: 1, numChildren: 1 });
    expect([bench.tree.znodeCount, bench.tree.dataSizeBytes]).toEqual([4, sizeBytes]);
  });

  it.each([OpCode.setData, OpCode.reconfig])('of type %i changes data, version and times', (type) => {
    bench.tree.apply(transaction(1, { type, path: '/zookeeper/config', data: bytesOf('server.1'), version: 7 }));
    expect(bench.text('/zookeeper/config')).toBe('server.1');
    expect(bench.stat('/zookeeper/config')).toMatchObject({
      version: 7,
      mzxid: 1,
      mtimeMs: 1000,
      czxid: 0,
      dataLength: 8,
    });
  });

  it('of a setAcl changes the ACL and its version, and no zxid', () => {
    const acl = [{ perms: 5, scheme: 'ip', id: '1.2.3.4' }];
    bench.tree.apply(transaction(1, { type: OpCode.setAcl, path: '/', acl, version: 3 }));
    expect(bench.tree.aclOf(bench.tree.get('/')!)).toEqual(acl);
    expect(bench.stat('/')).toMatchObject({ aversion: 3, mzxid: 0, pzxid: 0 });
  });

  it('of a check or an error only moves the zxid', () => {
    bench.tree.apply(transaction(1, { type: OpCode.check, path: '/', version: 1 }));
    bench.tree.apply(transaction(2, { type: OpCode.error, code: ErrorCode.noNode }));
    expect(bench.tree.appliedZxid).toBe(2);
    expect(bench.stat('/')).toMatchObject({ version: 0, mzxid: 0 });
  });

  it('skips what is applied already, so that a log may be replayed from anywhere before', () => {
    bench.tree.apply(transaction(1, create('/a', 1)));
    bench.tree.apply(transaction(2, { type: OpCode.delete, path: '/a' }));
    expect(bench.tree.apply(transaction(1, create('/a', 1)))).toBeUndefined();
    expect(bench.tree.get('/a')).toBeUndefined();
  });

  it('stops at a transaction that cannot be: the replica has lost its way', () => {
    expect(() => bench.tree.apply(transaction(1, { type: OpCode.delete, path: '/none' }))).toThrow('exist: /none');
    expect(() => bench.tree.apply(transaction(1, create('/none/x', 1)))).toThrow('exist: /none');
  });

  it('of a multi answers each change as that change left its znode', () => {
    const set = (version: number): NodeChange => ({ type: OpCode.setData, path: '/a', data: bytesOf('y'), version });
    const results = bench.tree.apply(
      transaction(1, { type: OpCode.multi, changes: [create('/a', 1), set(1), set(2)] }),
    );
    const versions = (results as Uint8Array[]).map((record) => records.statOf(record).version);
    expect(versions).toEqual([0, 1, 2]);
    expect(bench.stat('/a')).toMatchObject({ version: 2, czxid: 1, mzxid: 1 });
  });

  it('of a multi that Apache logged as failed does nothing', () => {
    const changes: NodeChange[] = [create('/a', 1), { type: OpCode.error, code: ErrorCode.noNode }];
    expect(bench.tree.apply(transaction(1, { type: OpCode.multi, changes }))).toEqual([ErrorCode.ok, ErrorCode.noNode]);
    expect(bench.tree.get('/a')).toBeUndefined();
  });
});

describe('owned znodes', () => {
  it('are known by what keeps them alive', () => {
    bench.create('/e', { flags: CreateFlag.ephemeral, as: requester(0x1n) });
    bench.create('/f', { flags: CreateFlag.ephemeral, as: requester(0x2n) });
    bench.create('/c', { type: OpCode.createContainer, flags: CreateFlag.container });
    bench.create('/t', { type: OpCode.createTtl, flags: CreateFlag.persistentWithTtl, ttlMs: 9 });
    bench.create('/p');
    bench.apply();
    const { owned } = bench.tree;
    expect([...owned.ofSession(1n as SessionId)]).toEqual(['/e']);
    expect([[...owned.containers], [...owned.ttls]]).toEqual([['/c'], ['/t']]);
    expect([owned.ephemeralCount, owned.sessionCount]).toEqual([2, 2]);
    expect(records.ownerOf(bench.tree.get('/c')!)).toBe(CONTAINER_OWNER);
    expect(['/e', '/c', '/t', '/p'].map((path) => bench.stat(path)?.ephemeralOwner)).toEqual([1n, 0n, 0n, 0n]);
  });

  it('are found again by a tree that is opened on the same store', () => {
    bench.create('/e', { flags: CreateFlag.ephemeral, as: requester(0x1n) });
    bench.create('/c', { type: OpCode.createContainer, flags: CreateFlag.container });
    bench.apply();
    const { owned } = new TreeBench(store).tree;
    expect([[...owned.ofSession(1n as SessionId)], [...owned.containers], owned.ephemeralCount]).toEqual([
      ['/e'],
      ['/c'],
      1,
    ]);
  });

  it('are forgotten when they are deleted', () => {
    bench.create('/e', { flags: CreateFlag.ephemeral, as: requester(0x1n) });
    bench.create('/c', { type: OpCode.createContainer, flags: CreateFlag.container });
    bench.create('/t', { type: OpCode.createTtl, flags: CreateFlag.persistentWithTtl, ttlMs: 9 });
    for (const path of ['/e', '/c', '/t']) bench.delete(path);
    bench.apply();
    const { owned } = bench.tree;
    expect([owned.containers.size, owned.ttls.size, owned.ephemeralCount, owned.sessionCount]).toEqual([0, 0, 0, 0]);
    expect([...store.owned()]).toEqual([]);
  });
});

describe('sessions', () => {
  it('stand in the tree from their creation to their end', () => {
    bench.tree.apply(transaction(1, { type: OpCode.createSession, timeoutMs: 4000 }, 0x1n));
    bench.tree.apply(transaction(2, { type: OpCode.createSession, timeoutMs: 5000 }, 0x2n));
    bench.tree.apply(transaction(3, { type: OpCode.closeSession, paths: [] }, 0x1n));
    expect([...bench.tree.sessions()]).toEqual([[2n, 5000]]);
  });

  it.each([
    ['as the leader listed them', ['/e', '/f']],
    ['when an old log lists nothing', null],
    ['when the list is short', ['/f']],
    ['when the list names what is not there, or not its own', ['/none', '/theirs', '/e', '/f']],
  ])('take their ephemerals along, %s', (_what, paths) => {
    bench.tree.apply(transaction(1, create('/e', 1, true)));
    bench.tree.apply(transaction(2, create('/f', 2, true)));
    bench.tree.apply(transaction(3, create('/theirs', 3, true), 0x2n));
    bench.tree.apply(transaction(4, { type: OpCode.closeSession, paths }));
    expect(bench.tree.childNames('/').sort()).toEqual(['theirs', 'zookeeper']);
    expect(bench.stat('/')).toMatchObject({ pzxid: 4, numChildren: 2, cversion: 4 });
  });
});

describe('counting below a path', () => {
  it.each([
    ['/', 8],
    ['/a', 3],
    ['/a/b', 1],
    ['/a/b/c', 0],
    ['/ab', 0],
  ])('%s: %i', (path, count) => {
    bench.plant('/a', '/a/b', '/a/b/c', '/a/d', '/ab');
    expect(bench.tree.countBelow(path)).toBe(count);
  });

  it('takes a tree of any depth', () => {
    const depth = 12_000;
    let path = '';
    const record = records.newRecord(
      { data: null, acl: bytesOf(''), zxid: 1 as Zxid, timeMs: 0, owner: 0n as SessionId },
      (sizeBytes) => new Uint8Array(sizeBytes),
    );
    for (let level = 0; level < depth; level += 1) {
      store.linkChild(path === '' ? '/' : path, 'x');
      path += '/x';
      store.put(path, record);
    }
    expect(bench.tree.countBelow('/x')).toBe(depth - 1);
  });
});
