import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Acl, CreateFlag, ErrorCode, OpCode, Perms, TTL_MS_MAX } from '@corral/model';
import { MemoryTreeStore } from '@corral/storage-memory';
import { requester, TreeBench } from '../tree-bench.fake.js';

/** The verdicts on requests, in particular on those that are wrong in two ways: the order of the checks is ZooKeeper's. */

const ann = requester(0x200n, [{ scheme: 'digest', id: 'ann:hash' }]);
const root = requester(0x300n, [{ scheme: 'super', id: '' }]);
const only = (perms: number): Acl[] => [{ perms, scheme: 'world', id: 'anyone' }];
const BAD_ACL: Acl[] = [{ perms: 31, scheme: 'no-such', id: 'x' }];

let bench: TreeBench;

beforeEach(() => {
  bench = new TreeBench(new MemoryTreeStore()).plant('/a', '/a/b', '/a/b/c');
  bench.create('/e', { flags: CreateFlag.ephemeral });
  bench.create('/locked', { acl: only(Perms.read) });
  bench.create('/ann', { acl: [{ perms: Perms.all, scheme: 'auth', id: '' }], as: ann });
  bench.apply();
});

describe('create', () => {
  it.each([
    ['/x', {}, '/x'],
    ['/a/b/c/d', { data: null }, '/a/b/c/d'],
    ['/x\u00a0\ud7ff\uf900\uffef', {}, '/x\u00a0\ud7ff\uf900\uffef'],
    ['/x', { flags: CreateFlag.ephemeral }, '/x'],
    ['/a/', { flags: CreateFlag.persistentSequential }, '/a/0000000001'],
    ['/a/.', { flags: CreateFlag.persistentSequential }, '/a/.0000000001'],
    ['/a/s', { flags: CreateFlag.ephemeralSequential }, '/a/s0000000001'],
    ['/x', { type: OpCode.create2 }, '/x'],
    ['/x', { type: OpCode.create, flags: CreateFlag.container }, '/x'],
    ['/x', { type: OpCode.createContainer, flags: CreateFlag.container }, '/x'],
    ['/x', { type: OpCode.createContainer, flags: CreateFlag.persistent }, '/x'],
    ['/a/x', { type: OpCode.createContainer, flags: CreateFlag.persistentSequential }, '/a/x0000000001'],
    ['/x', { type: OpCode.createTtl, flags: CreateFlag.persistentWithTtl, ttlMs: 1 }, '/x'],
    ['/x', { type: OpCode.createTtl, flags: CreateFlag.persistentWithTtl, ttlMs: TTL_MS_MAX }, '/x'],
    ['/a/x', { type: OpCode.createTtl, flags: CreateFlag.persistentSequentialWithTtl, ttlMs: 9 }, '/a/x0000000001'],
    ['/ann/x', { as: ann }, '/ann/x'],
    ['/locked/x', { as: root }, '/locked/x'],
  ] as const)('%s %j is granted', (path, wish, created) => {
    expect(bench.create(path, wish)).toBe(created);
  });

  it.each([
    // The flags come first, then the time to live, then the path as such.
    [null, { flags: 7 }, ErrorCode.badArguments],
    [null, { flags: -1 }, ErrorCode.badArguments],
    ['x', { type: OpCode.createTtl, flags: CreateFlag.persistentWithTtl, ttlMs: 0 }, ErrorCode.badArguments],
    ['/x', { type: OpCode.createTtl, flags: CreateFlag.persistentWithTtl, ttlMs: -1 }, ErrorCode.badArguments],
    [
      '/x',
      { type: OpCode.createTtl, flags: CreateFlag.persistentWithTtl, ttlMs: TTL_MS_MAX + 1 },
      ErrorCode.badArguments,
    ],
    ['/x', { type: OpCode.createTtl, flags: CreateFlag.persistent, ttlMs: 5 }, ErrorCode.badArguments],
    ['/x', { type: OpCode.createTtl, flags: CreateFlag.persistent, ttlMs: -1 }, ErrorCode.badArguments],
    ['/x', { type: OpCode.createTtl, flags: CreateFlag.container, ttlMs: -1 }, ErrorCode.badArguments],
    ['/x', { type: OpCode.create, flags: CreateFlag.persistentWithTtl }, ErrorCode.badArguments],
    ['/x', { type: OpCode.createContainer, flags: CreateFlag.persistentSequentialWithTtl }, ErrorCode.badArguments],
    [null, {}, ErrorCode.marshallingError],
    [null, { acl: null }, ErrorCode.marshallingError],
    ['', {}, ErrorCode.badArguments],
    ['relative', { acl: null }, ErrorCode.badArguments],
    ['/a\0/x', { acl: null }, ErrorCode.badArguments],
    // Then the ACL list.
    ['/none/x', { acl: null }, ErrorCode.invalidAcl],
    ['/none/x', { acl: [] }, ErrorCode.invalidAcl],
    ['/locked/x', { acl: BAD_ACL }, ErrorCode.invalidAcl],
    ['/x', { acl: [{ perms: 31, scheme: 'auth', id: '' }] }, ErrorCode.invalidAcl],
    // Then the parent and what it permits.
    ['a/b', {}, ErrorCode.noNode],
    ['/none/x\x01', {}, ErrorCode.noNode],
    ['/a/b/', { flags: CreateFlag.persistent }, ErrorCode.badArguments],
    ['/a//x', {}, ErrorCode.noNode],
    ['/locked/x\x01', {}, ErrorCode.noAuth],
    ['/locked/x', { as: ann }, ErrorCode.noAuth],
    ['/ann/x', {}, ErrorCode.noAuth],
    // Then the whole path, with its sequence number.
    ['/e/x\x01', {}, ErrorCode.badArguments],
    ['/a/.', {}, ErrorCode.badArguments],
    ['/a/..', {}, ErrorCode.badArguments],
    ['/a/\u007f', {}, ErrorCode.badArguments],
    ['/a/\u{1f600}', {}, ErrorCode.badArguments],
    ['/a/\ue000', {}, ErrorCode.badArguments],
    ['/a/\ufff0', {}, ErrorCode.badArguments],
    ['//', {}, ErrorCode.badArguments],
    // Then what is there already.
    ['/', {}, ErrorCode.nodeExists],
    ['/a', {}, ErrorCode.nodeExists],
    ['/e', {}, ErrorCode.nodeExists],
    ['/e/x', {}, ErrorCode.noChildrenForEphemerals],
  ] as const)('%j %j is refused with %i', (path, wish, code) => {
    expect(bench.create(path, wish)).toBe(code);
  });

  it('of a znode with a time to live is not implemented while that is switched off', () => {
    bench = new TreeBench(new MemoryTreeStore(), { ttlEnabled: false });
    for (const flags of [CreateFlag.persistentWithTtl, CreateFlag.persistentSequentialWithTtl]) {
      for (const type of [OpCode.create, OpCode.create2, OpCode.createContainer, OpCode.createTtl] as const) {
        expect(bench.create(null, { type, flags, ttlMs: 5 })).toBe(ErrorCode.unimplemented);
      }
    }
  });
});

describe('delete', () => {
  it.each([
    ['/a/b/c', -1],
    ['/a/b/c', 0],
    ['/e', 0],
  ])('%s at version %i is granted', (path, version) => {
    expect(bench.delete(path, version)).toBe(ErrorCode.ok);
  });

  it.each([
    [null, ErrorCode.marshallingError],
    ['', ErrorCode.badArguments],
    ['relative', ErrorCode.badArguments],
    ['/a\0', ErrorCode.badArguments],
    ['/', ErrorCode.badArguments],
    ['/zookeeper', ErrorCode.badArguments],
    ['/zookeeper/quota', ErrorCode.badArguments],
    ['/zookeeper/config', ErrorCode.badArguments],
    ['/none/x', ErrorCode.noNode],
    // The parent's permission comes before the question whether the znode is there.
    ['/locked/none', ErrorCode.noAuth],
    ['/none', ErrorCode.noNode],
    ['/a/b/', ErrorCode.noNode],
    ['/a/b/c\x01', ErrorCode.noNode],
  ])('%j is refused with %i', (path, code) => {
    expect(bench.delete(path)).toBe(code);
  });

  it('of a znode with children says first that the version is wrong, then that it is not empty', () => {
    expect(bench.delete('/a', 7)).toBe(ErrorCode.badVersion);
    expect(bench.delete('/a', 0)).toBe(ErrorCode.notEmpty);
    expect(bench.delete('/a')).toBe(ErrorCode.notEmpty);
  });

  it('asks the parent for permission, not the znode', () => {
    expect(bench.delete('/locked')).toBe(ErrorCode.ok);
    expect(bench.create('/ann/x', { as: ann, acl: only(0) })).toBe('/ann/x');
    expect(bench.delete('/ann/x', -1)).toBe(ErrorCode.noAuth);
    expect(bench.delete('/ann/x', -1, ann)).toBe(ErrorCode.ok);
  });

  it('by a superuser still spares the system’s znodes', () => {
    expect(bench.delete('/zookeeper/quota', -1, root)).toBe(ErrorCode.badArguments);
  });
});

describe('setData', () => {
  it.each([
    ['/a', -1],
    ['/a', 0],
    ['/', 0],
    ['/zookeeper', -1],
  ])('%s at version %i is granted', (path, version) => {
    expect(bench.setData(path, 'x', version)).toBe(ErrorCode.ok);
  });

  it.each([
    [null, -1, ErrorCode.badArguments],
    ['', -1, ErrorCode.badArguments],
    ['relative', -1, ErrorCode.badArguments],
    ['/a/', -1, ErrorCode.badArguments],
    ['/a/./b', -1, ErrorCode.badArguments],
    ['/none', 7, ErrorCode.noNode],
    ['/locked', 7, ErrorCode.noAuth],
    ['/zookeeper/config', -1, ErrorCode.noAuth],
    ['/a', 1, ErrorCode.badVersion],
    ['/a', -2, ErrorCode.badVersion],
  ])('%j at version %i is refused with %i', (path, version, code) => {
    expect(bench.setData(path, 'x', version)).toBe(code);
  });

  it('adds one to the version each time', () => {
    bench.plant('/v');
    for (let version = 0; version < 3; version += 1) expect(bench.setData('/v', 'x', version)).toBe(ErrorCode.ok);
    bench.apply();
    expect(bench.stat('/v')?.version).toBe(3);
  });
});

describe('setAcl', () => {
  it.each([
    ['/a', only(1), -1],
    ['/a', only(1), 0],
    ['/', only(31), 0],
    ['/a', [...only(1), ...only(1)], 0],
  ])('%s %j at version %i is granted', (path, acl, version) => {
    expect(bench.setAcl(path, acl, version)).toBe(ErrorCode.ok);
  });

  it.each([
    [null, null, -1, ErrorCode.badArguments],
    ['/a/', null, -1, ErrorCode.badArguments],
    ['/none', null, -1, ErrorCode.invalidAcl],
    ['/none', BAD_ACL, -1, ErrorCode.invalidAcl],
    ['/none', only(1), -1, ErrorCode.noNode],
    ['/locked', only(1), 7, ErrorCode.noAuth],
    ['/a', only(1), 7, ErrorCode.badVersion],
  ])('%j %j at version %i is refused with %i', (path, acl, version, code) => {
    expect(bench.setAcl(path, acl, version)).toBe(code);
  });

  it('counts its own version, not that of the data', () => {
    expect(bench.setData('/a', 'x', 0)).toBe(ErrorCode.ok);
    expect(bench.setAcl('/a', only(31), 0)).toBe(ErrorCode.ok);
    expect(bench.setAcl('/a', only(31), 0)).toBe(ErrorCode.badVersion);
    bench.apply();
    expect(bench.stat('/a')).toMatchObject({ version: 1, aversion: 1 });
  });

  it('of the config znode begins at version -1, as in ZooKeeper', () => {
    expect(bench.stat('/zookeeper/config')?.aversion).toBe(-1);
  });
});

describe('check', () => {
  it.each([
    ['/a', 0, ErrorCode.ok],
    ['/a', -1, ErrorCode.ok],
    [null, 0, ErrorCode.badArguments],
    ['/a/', 0, ErrorCode.badArguments],
    ['/none', 0, ErrorCode.noNode],
    ['/ann', 7, ErrorCode.noAuth],
    ['/a', 1, ErrorCode.badVersion],
  ])('%j at version %i answers %i', (path, version, code) => {
    expect(bench.check(path, version)).toBe(code);
  });
});

describe('the server’s own delete', () => {
  beforeEach(() => {
    bench.create('/c', { type: OpCode.createContainer, flags: CreateFlag.container });
    bench.create('/t', { type: OpCode.createTtl, flags: CreateFlag.persistentWithTtl, ttlMs: 5 });
    bench.apply();
  });

  it.each(['/c', '/t'])('takes %s, and asks for nobody’s permission', (path) => {
    expect(bench.deleteContainer(path)).toBe(ErrorCode.ok);
    bench.apply();
    expect(bench.tree.get(path)).toBeUndefined();
  });

  it('spares what has children by then, has gone, or is of another kind', () => {
    bench.create('/c/x');
    expect(bench.deleteContainer('/c')).toBe(ErrorCode.notEmpty);
    expect(bench.deleteContainer('/none')).toBe(ErrorCode.noNode);
    expect(bench.deleteContainer('/a/b/c')).toBe(ErrorCode.badVersion);
    expect(bench.deleteContainer('/e')).toBe(ErrorCode.badVersion);
  });
});

describe('without ACLs', () => {
  it('everything is permitted', () => {
    bench = new TreeBench(new MemoryTreeStore(), { skipAcl: true });
    bench.create('/locked', { acl: only(0) });
    expect(bench.create('/locked/x')).toBe('/locked/x');
    expect(bench.setData('/locked', 'x')).toBe(ErrorCode.ok);
    expect(bench.setAcl('/locked', only(0))).toBe(ErrorCode.ok);
    expect(bench.check('/locked', 1)).toBe(ErrorCode.ok);
    expect(bench.delete('/locked/x')).toBe(ErrorCode.ok);
  });
});
