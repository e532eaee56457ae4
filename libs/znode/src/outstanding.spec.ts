import { beforeEach, describe, expect, it } from '@jest/globals';
import { CreateFlag, ErrorCode, type MultiOperation, OPEN_ACL, OpCode } from '@corral/model';
import { MemoryTreeStore } from '@corral/storage-memory';
import { bytesOf, requester, TreeBench } from './tree-bench.fake.js';

const create = (path: string, flags: number = CreateFlag.persistent): MultiOperation => ({
  type: OpCode.create,
  path,
  data: bytesOf(''),
  acl: OPEN_ACL,
  flags,
});
const remove = (path: string, version = -1): MultiOperation => ({ type: OpCode.delete, path, version });
const set = (path: string, version = -1): MultiOperation => ({
  type: OpCode.setData,
  path,
  data: bytesOf('x'),
  version,
});
const check = (path: string, version: number): MultiOperation => ({ type: OpCode.check, path, version });
const IMPOSSIBLE = remove('/never-there');

let bench: TreeBench;

beforeEach(() => {
  bench = new TreeBench(new MemoryTreeStore()).plant('/a');
});

/** Every decision must be the same whether what was proposed before is applied or not. */
describe.each([
  ['as long as nothing is applied', (): void => undefined],
  ['when each is applied at once', (): void => bench.apply()],
])('decisions, %s', (_when, then) => {
  const after = <T>(verdict: T): T => {
    then();
    return verdict;
  };

  it('know a znode that was created, and one that was deleted', () => {
    expect(after(bench.create('/x'))).toBe('/x');
    expect(after(bench.create('/x'))).toBe(ErrorCode.nodeExists);
    expect(after(bench.create('/x/y'))).toBe('/x/y');
    expect(after(bench.delete('/x'))).toBe(ErrorCode.notEmpty);
    expect(after(bench.delete('/x/y'))).toBe(ErrorCode.ok);
    expect(after(bench.delete('/x/y'))).toBe(ErrorCode.noNode);
    expect(after(bench.delete('/x'))).toBe(ErrorCode.ok);
    expect(after(bench.create('/x/y'))).toBe(ErrorCode.noNode);
    expect(after(bench.create('/x'))).toBe('/x');
  });

  it('count versions', () => {
    for (let version = 0; version < 5; version += 1) {
      expect(after(bench.setData('/a', 'x', version))).toBe(ErrorCode.ok);
      expect(after(bench.setData('/a', 'x', version))).toBe(ErrorCode.badVersion);
    }
    expect(after(bench.delete('/a', 4))).toBe(ErrorCode.badVersion);
    expect(after(bench.delete('/a', 5))).toBe(ErrorCode.ok);
    after(bench.create('/a'));
    expect(after(bench.setData('/a', 'x', 0))).toBe(ErrorCode.ok);
  });

  it('go by the ACL that was set last', () => {
    expect(after(bench.setAcl('/a', [{ perms: 1, scheme: 'world', id: 'anyone' }]))).toBe(ErrorCode.ok);
    expect(after(bench.create('/a/x'))).toBe(ErrorCode.noAuth);
    expect(after(bench.setAcl('/a', OPEN_ACL))).toBe(ErrorCode.noAuth);
  });

  it('number children by how many were ever created, whatever became of them', () => {
    const next = (): unknown => after(bench.create('/a/n', { flags: CreateFlag.persistentSequential }));
    expect([next(), next()]).toEqual(['/a/n0000000000', '/a/n0000000001']);
    after(bench.create('/a/plain'));
    expect(next()).toBe('/a/n0000000003');
    after(bench.delete('/a/plain'));
    after(bench.delete('/a/n0000000003'));
    expect(next()).toBe('/a/n0000000004');
    after(bench.create('/a/plain/none'));
    after(bench.create('/a/n0000000004'));
    expect(next()).toBe('/a/n0000000005');
    bench.apply();
    expect(bench.stat('/a')).toMatchObject({ numChildren: 4, cversion: 8 });
  });

  it('go on counting in a znode that was deleted and created again from 0', () => {
    after(bench.create('/a/n', { flags: CreateFlag.persistentSequential }));
    after(bench.delete('/a/n0000000000'));
    after(bench.delete('/a'));
    after(bench.create('/a'));
    expect(after(bench.create('/a/n', { flags: CreateFlag.persistentSequential }))).toBe('/a/n0000000000');
  });

  it('allow no children below an ephemeral, and some below a container', () => {
    after(bench.create('/e', { flags: CreateFlag.ephemeral }));
    expect(after(bench.create('/e/x'))).toBe(ErrorCode.noChildrenForEphemerals);
    after(bench.create('/c', { type: OpCode.createContainer, flags: CreateFlag.ephemeral }));
    expect(after(bench.create('/c/x'))).toBe('/c/x');
  });

  describe('in a multi', () => {
    it('build on each other', () => {
      expect(
        after(bench.multi([create('/m'), create('/m/c'), set('/m', 0), check('/m', 1), remove('/m/c')])),
      ).toBeUndefined();
      expect(after(bench.check('/m', 1))).toBe(ErrorCode.ok);
      expect(after(bench.delete('/m'))).toBe(ErrorCode.ok);
    });

    it.each([
      [[IMPOSSIBLE], [-101]],
      [
        [create('/m'), IMPOSSIBLE],
        [0, -101],
      ],
      [
        [create('/m'), create('/m'), set('/m')],
        [0, -110, -2],
      ],
      [
        [check('/a', 3), create('/m')],
        [-103, -2],
      ],
      [
        [remove('/a'), create('/a/c'), IMPOSSIBLE, IMPOSSIBLE],
        [0, -101, -2, -2],
      ],
    ])('are refused together: %j', (operations, codes) => {
      expect(after(bench.multi(operations))).toEqual(codes);
      expect(after(bench.check('/a', 0))).toBe(ErrorCode.ok);
      expect(after(bench.check('/m', -1))).toBe(ErrorCode.noNode);
    });

    it('that fails use no sequence number and leave every znode as it was', () => {
      const sequential = create('/a/n', CreateFlag.persistentSequential);
      after(bench.setData('/a', 'x', 0));
      expect(
        after(bench.multi([sequential, sequential, set('/a', 1), remove('/a/n0000000000'), IMPOSSIBLE])),
      ).toHaveLength(5);
      expect(after(bench.create('/a/n', { flags: CreateFlag.persistentSequential }))).toBe('/a/n0000000000');
      expect(after(bench.setData('/a', 'y', 1))).toBe(ErrorCode.ok);
    });

    it('that fails undo what they did to a znode that is itself in flight', () => {
      after(bench.create('/m'));
      expect(after(bench.multi([set('/m', 0), remove('/m', 1), create('/m'), set('/m', 0), IMPOSSIBLE]))).toHaveLength(
        5,
      );
      expect(after(bench.setData('/m', 'x', 0))).toBe(ErrorCode.ok);
      after(bench.delete('/m'));
      expect(after(bench.multi([create('/m'), IMPOSSIBLE]))).toHaveLength(2);
      expect(after(bench.check('/m', -1))).toBe(ErrorCode.noNode);
    });

    it('go by the flags of a create alone', () => {
      const typed = (type: typeof OpCode.create2 | typeof OpCode.createContainer, flags: number): void => {
        expect(after(bench.multi([{ ...create('/m', flags), type } as MultiOperation]))).toBeUndefined();
        bench.apply();
      };
      typed(OpCode.create2, CreateFlag.container);
      expect([...bench.tree.owned.containers]).toEqual(['/m']);
      after(bench.delete('/m'));
      typed(OpCode.createContainer, CreateFlag.ephemeral);
      expect(bench.stat('/m')?.ephemeralOwner).toBe(0x100n);
    });
  });

  describe('about the end of a session', () => {
    const mine = requester(0x111n);
    const other = requester(0x222n);
    const lock = (as = mine): unknown => after(bench.create('/lock', { flags: CreateFlag.ephemeral, as }));

    it('list its ephemerals, those in flight too, and no others', () => {
      lock();
      after(bench.create('/plain', { as: mine }));
      after(bench.create('/theirs', { flags: CreateFlag.ephemeral, as: other }));
      after(bench.create('/a/s', { flags: CreateFlag.ephemeralSequential, as: mine }));
      expect([...after(bench.closeSession(0x111n))].sort()).toEqual(['/a/s0000000000', '/lock']);
      expect(after(bench.create('/lock'))).toBe('/lock');
      expect(after(bench.delete('/a'))).toBe(ErrorCode.ok);
    });

    it('leave out what was deleted before', () => {
      lock();
      after(bench.delete('/lock'));
      expect(after(bench.closeSession(0x111n))).toEqual([]);
    });

    it('leave out what another session has created under the name since', () => {
      lock();
      after(bench.delete('/lock'));
      lock(other);
      expect(after(bench.closeSession(0x111n))).toEqual([]);
      bench.apply();
      expect(bench.stat('/lock')?.ephemeralOwner).toBe(0x222n);
    });

    it('list what the session itself has created under the name again', () => {
      lock();
      after(bench.delete('/lock'));
      lock();
      expect(after(bench.closeSession(0x111n))).toEqual(['/lock']);
    });

    it('list nothing of a multi that failed', () => {
      expect(after(bench.multi([create('/lock', CreateFlag.ephemeral), IMPOSSIBLE], mine))).toHaveLength(2);
      expect(after(bench.closeSession(0x111n))).toEqual([]);
    });

    it('list what was there before a multi that failed', () => {
      lock();
      const again = [remove('/lock'), create('/lock', CreateFlag.ephemeral), IMPOSSIBLE];
      expect(after(bench.multi(again, mine))).toHaveLength(3);
      expect(after(bench.closeSession(0x111n))).toEqual(['/lock']);
    });

    it('do not take a container for an ephemeral', () => {
      after(bench.create('/c', { type: OpCode.createContainer, flags: CreateFlag.ephemeral, as: mine }));
      expect(after(bench.closeSession(0x111n))).toEqual([]);
    });

    it('a second time list nothing', () => {
      lock();
      after(bench.closeSession(0x111n));
      expect(after(bench.closeSession(0x111n))).toEqual([]);
    });
  });
});

describe('what is outstanding', () => {
  it('is nothing once all is applied', () => {
    bench.create('/x', { flags: CreateFlag.ephemeral });
    bench.setData('/a', 'x');
    bench.multi([create('/m'), remove('/x')]);
    bench.closeSession(0x100n);
    expect(bench.outstanding.size).toBeGreaterThan(0);
    bench.apply();
    expect(bench.outstanding.size).toBe(0);
  });

  it('stays as long as a later transaction touches the same znode', () => {
    bench.setData('/a', 'one', 0);
    bench.setData('/a', 'two', 1);
    bench.apply(1);
    expect(bench.outstanding.get('/a')?.version).toBe(2);
    expect(bench.setData('/a', 'three', 2)).toBe(ErrorCode.ok);
    bench.apply(2);
    expect(bench.outstanding.get('/a')).toBeUndefined();
  });

  it('is forgotten when it will never be applied', () => {
    bench.create('/x', { flags: CreateFlag.ephemeral });
    bench.outstanding.clear();
    expect(bench.create('/x')).toBe('/x');
    expect([...bench.outstanding.proposedEphemerals(0x100n as never)]).toEqual([]);
  });

  it('is not filled by multis that fail', () => {
    for (let count = 0; count < 100; count += 1) {
      bench.multi([create(`/e${String(count)}`, CreateFlag.ephemeral), IMPOSSIBLE]);
    }
    expect(bench.outstanding.size).toBe(0);
    expect([...bench.outstanding.proposedEphemerals(0x100n as never)]).toEqual([]);
  });
});
