import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Change, CONTAINER_OWNER, OPEN_ACL, OpCode, ttlOwner } from '@corral/model';
import { type SessionId, sessionIdOf, type Zxid } from '@corral/primitives';
import { createsOf, dataOf, newRecord, ownerOf, setChildCount, setCreates, statOf } from '@corral/znode';
import { MemoryTreeStore } from '@corral/storage-memory';
import { allocate } from '../allocate.js';
import { FuzzyReplay } from './fuzzy-replay.js';

const ALICE = sessionIdOf(0x1_0001n);
const BOB = sessionIdOf(0x1_0002n);

const create = (path: string, parentCreates: number, ephemeral = false): Change => ({
  type: OpCode.create,
  path,
  data: Buffer.from(path),
  acl: OPEN_ACL,
  ephemeral,
  parentCreates,
});

const remove = (path: string): Change => ({ type: OpCode.delete, path });

describe('the replay over a snapshot that is ahead', () => {
  let store: MemoryTreeStore;

  /** The root as a snapshot shows it that was written after `creates` creations. */
  const plantRoot = (creates: number, pzxid: number): void => {
    const from = { data: null, acl: Buffer.alloc(0), zxid: pzxid as Zxid, timeMs: 0, owner: 0n as SessionId };
    const root = newRecord(from, allocate);
    setCreates(root, creates);
    setChildCount(root, 0);
    store.put('/', root);
  };

  const plantChild = (name: string, owner = 0n as SessionId): void => {
    const from = { data: Buffer.from('planted'), acl: Buffer.alloc(0), zxid: 9 as Zxid, timeMs: 0, owner };
    store.put(`/${name}`, newRecord(from, allocate));
    store.linkChild('/', name);
    if (owner !== 0n) store.putOwned(`/${name}`, owner);
    setChildCount(store.get('/')!, store.childNames('/').length);
  };

  const replay = (...changes: Change[]): FuzzyReplay => {
    const replaying = new FuzzyReplay(store);
    changes.forEach((change, index) => {
      const header = { sessionId: ALICE, cxid: 0, zxid: (index + 1) as Zxid, timeMs: 7 };
      replaying.apply({ header, change });
    });
    return replaying;
  };

  const rootStat = (): { creates: number; cversion: number; numChildren: number; pzxid: number } => {
    const { cversion, numChildren, pzxid } = statOf(store.get('/')!);
    return { creates: createsOf(store.get('/')!), cversion, numChildren, pzxid };
  };

  beforeEach(() => {
    store = new MemoryTreeStore();
  });

  it('does not lower the counts of a parent that has seen more', () => {
    plantRoot(5, 20);
    replay(create('/a', 1), create('/b', 2), remove('/a'), remove('/b'));
    expect(rootStat()).toEqual({ creates: 5, cversion: 10, numChildren: 0, pzxid: 20 });
    expect(store.state.appliedZxid).toBe(4);
  });

  it('raises them for a create that the snapshot does not have', () => {
    plantRoot(0, 0);
    replay(create('/a', 1), create('/b', 2), remove('/a'));
    expect(rootStat()).toEqual({ creates: 2, cversion: 3, numChildren: 1, pzxid: 3 });
    expect(store.childNames('/')).toEqual(['b']);
    expect(store.state.znodeCount).toBe(1);
    expect(store.state.dataSizeBytes).toBe(4);
  });

  it('raises them for a create whose znode is there already', () => {
    plantRoot(0, 0);
    plantChild('a');
    replay(create('/a', 1));
    expect(rootStat()).toEqual({ creates: 1, cversion: 1, numChildren: 1, pzxid: 1 });
    expect(Buffer.from(dataOf(store.get('/a')!)!).toString()).toBe('planted');
  });

  it('counts for itself where an old log does not say', () => {
    plantRoot(3, 0);
    replay(create('/a', -1));
    expect(rootStat().creates).toBe(4);
  });

  it('passes over what is about znodes that are gone', () => {
    plantRoot(0, 0);
    replay(
      create('/gone/child', 1),
      remove('/gone/child'),
      { type: OpCode.setData, path: '/gone', data: null, version: 3 },
      { type: OpCode.setAcl, path: '/gone', acl: OPEN_ACL, version: 3 },
    );
    expect(store.childNames('/')).toEqual([]);
    expect(store.state.znodeCount).toBe(0);
  });

  it('knows who owns what it creates', () => {
    plantRoot(0, 0);
    replay(
      create('/e', 1, true),
      { type: OpCode.createContainer, path: '/c', data: null, acl: OPEN_ACL, parentCreates: 2 },
      { type: OpCode.createTtl, path: '/t', data: null, acl: OPEN_ACL, parentCreates: 3, ttlMs: 500 },
    );
    const owners = new Map([
      ['/e', ALICE],
      ['/c', CONTAINER_OWNER],
      ['/t', ttlOwner(500)],
    ]);
    expect(new Map(store.owned())).toEqual(owners);
    for (const [path, owner] of owners) expect(ownerOf(store.get(path)!)).toBe(owner);
  });

  it('ends a session with what it owns, listed or not', () => {
    plantRoot(2, 9);
    plantChild('mine', ALICE);
    plantChild('his', BOB);
    store.putSession(ALICE, 1000);
    replay(create('/listed', 3, true), { type: OpCode.closeSession, paths: ['/listed'] });
    expect(store.childNames('/')).toEqual(['his']);
    expect([...store.sessions()]).toEqual([]);
    expect([...store.owned()]).toEqual([['/his', BOB]]);
  });

  it('removes ephemerals whose session is no more, and nothing else', () => {
    plantRoot(4, 9);
    plantChild('living', ALICE);
    plantChild('orphan', BOB);
    plantChild('container', CONTAINER_OWNER);
    plantChild('ttl', ttlOwner(1000));
    store.putSession(ALICE, 1000);
    replay().removeOrphans();
    expect(store.childNames('/').sort()).toEqual(['container', 'living', 'ttl']);
    expect(rootStat().numChildren).toBe(3);
  });

  it('applies a multi as a whole, and one that was refused not at all', () => {
    plantRoot(0, 0);
    replay(
      { type: OpCode.multi, changes: [create('/a', 1) as never, create('/b', 2) as never] },
      { type: OpCode.multi, changes: [create('/c', 3) as never, { type: OpCode.error, code: -103 }] },
    );
    expect(store.childNames('/').sort()).toEqual(['a', 'b']);
  });
});
