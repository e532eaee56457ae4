import { describe, expect, it } from '@jest/globals';
import { type SessionId, sessionIdOf, type Zxid } from '@corral/primitives';
import { CONTAINER_OWNER, type Stat, ttlOwner } from '@corral/model';
import * as records from './record.js';
import { bytesOf, textOf } from './tree-bench.fake.js';

/** Memory as it comes from a pool: full of what was there before. */
const allocate = (sizeBytes: number): Uint8Array => new Uint8Array(sizeBytes).fill(0xaa);
const SESSION = sessionIdOf(0x0100_0000_0000_00ffn);
const ZXID = 0x5_0000_0007 as Zxid;
const ACL = bytesOf('some encoded list');

const recordWith = (changes: Partial<records.NewRecord> = {}): records.ZnodeRecord =>
  records.newRecord(
    {
      data: bytesOf('data'),
      acl: new Uint8Array(0),
      zxid: ZXID,
      timeMs: 1_700_000_000_123,
      owner: 0n as SessionId,
      ...changes,
    },
    allocate,
  );

describe('a new record', () => {
  it('says when and by which transaction the znode came, and that nothing has happened since', () => {
    expect(records.statOf(recordWith())).toEqual({
      czxid: ZXID,
      mzxid: ZXID,
      pzxid: ZXID,
      ctimeMs: 1_700_000_000_123,
      mtimeMs: 1_700_000_000_123,
      version: 0,
      cversion: 0,
      aversion: 0,
      ephemeralOwner: 0n,
      dataLength: 4,
      numChildren: 0,
    });
    expect(records.createsOf(recordWith())).toBe(0);
  });

  it.each([
    ['some bytes', bytesOf('data'), 4],
    ['no bytes', bytesOf(''), 0],
    ['null', null, 0],
    ['ten thousand bytes', new Uint8Array(10_000).fill(7), 10_000],
  ])('keeps %s apart from the ACL behind it', (_what, data, length) => {
    const record = recordWith({ data, acl: ACL });
    expect(records.dataOf(record)).toEqual(data);
    expect(records.dataLengthOf(record)).toBe(length);
    expect(records.statOf(record).dataLength).toBe(length);
    expect(records.aclBytesOf(record)).toEqual(ACL);
    expect(records.hasOpenAcl(record)).toBe(false);
  });

  it('has an open ACL when no bytes are kept for it', () => {
    expect(records.hasOpenAcl(recordWith())).toBe(true);
    expect(records.aclBytesOf(recordWith())).toHaveLength(0);
  });

  it.each([
    ['persistent', 0n, 0n],
    ['ephemeral', SESSION, SESSION],
    ['ephemeral of a session with the highest bit', sessionIdOf(-2n), sessionIdOf(-2n)],
    ['a container', CONTAINER_OWNER, 0n],
    ['timed', ttlOwner(1234), 0n],
  ])('that is %s knows its owner, and shows clients only sessions', (_what, owner, shown) => {
    const record = recordWith({ owner: owner as SessionId });
    expect(records.ownerOf(record)).toBe(owner);
    expect(records.isPersistent(record)).toBe(owner === 0n);
    expect(records.statOf(record).ephemeralOwner).toBe(shown);
  });
});

describe('the bytes of a record', () => {
  it('hold, from the reply’s offset to the end of the stat, a getData reply as it goes over the wire', () => {
    const record = recordWith({ data: bytesOf('ab'), owner: SESSION, zxid: 3 as Zxid, timeMs: 4, acl: ACL });
    const expected = [
      [0, 0, 0, 2, 0x61, 0x62],
      [0, 0, 0, 0, 0, 0, 0, 3],
      [0, 0, 0, 0, 0, 0, 0, 3],
      [0, 0, 0, 0, 0, 0, 0, 4],
      [0, 0, 0, 0, 0, 0, 0, 4],
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      [1, 0, 0, 0, 0, 0, 0, 0xff],
      [0, 0, 0, 2, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 3],
    ].flat();
    expect([...record.subarray(records.REPLY_OFFSET, records.statEnd(record))]).toEqual(expected);
  });

  it('say -1 for the length of data that is null', () => {
    const record = recordWith({ data: null });
    expect([...record.subarray(records.REPLY_OFFSET, records.REPLY_OFFSET + 4)]).toEqual([255, 255, 255, 255]);
    expect(records.statEnd(record) - records.statOffset(record)).toBe(records.STAT_SIZE_BYTES);
  });
});

describe('changes', () => {
  const full = (): records.ZnodeRecord => {
    const record = recordWith({ owner: SESSION, acl: ACL });
    records.setCreates(record, 77);
    records.stampAcl(record, 5);
    records.stampChildren(record, (ZXID + 1) as Zxid, 1);
    return record;
  };

  it('of data with the same length are made in place', () => {
    const record = full();
    expect(records.withData(record, bytesOf('diff'), allocate)).toBe(record);
    expect(textOf(records.dataOf(record))).toBe('diff');
  });

  it.each([
    ['data', 'longer than before'],
    ['data', 'x'],
    ['data', ''],
    ['data', null],
    ['', 'data'],
    ['', null],
    [null, ''],
    [null, 'data'],
  ])('of data from %j to %j keep everything else', (before, after) => {
    const original = full();
    const from = records.withData(original, before === null ? null : bytesOf(before), allocate);
    const statBefore = records.statOf(from);
    const to = records.withData(from, after === null ? null : bytesOf(after), allocate);
    expect(textOf(records.dataOf(to))).toBe(after);
    expect(records.statOf(to)).toEqual({ ...statBefore, dataLength: after?.length ?? 0 });
    expect(records.aclBytesOf(to)).toEqual(ACL);
    expect(records.ownerOf(to)).toBe(SESSION);
    expect(records.createsOf(to)).toBe(77);
  });

  it.each([bytesOf('x'), bytesOf('another list, and a longer one'), new Uint8Array(0)])(
    'of the ACL make a new record and keep everything else',
    (acl) => {
      const record = full();
      const changed = records.withAcl(record, acl, allocate);
      expect(changed).not.toBe(record);
      expect(records.aclBytesOf(changed)).toEqual(acl);
      expect(records.aclBytesOf(record)).toEqual(ACL);
      expect(records.statOf(changed)).toEqual(records.statOf(record));
      expect(records.dataOf(changed)).toEqual(records.dataOf(record));
      expect(records.createsOf(changed)).toBe(77);
      expect(records.ownerOf(changed)).toBe(SESSION);
    },
  );

  it('of the data are stamped with transaction, time and version', () => {
    const record = recordWith();
    const before = records.statOf(record);
    records.stampData(record, 0x1f_ffff_ffff_ffff as Zxid, 1_800_000_000_000, 9);
    const after = { mzxid: 0x1f_ffff_ffff_ffff, mtimeMs: 1_800_000_000_000, version: 9 };
    expect(records.statOf(record)).toEqual({ ...before, ...after });
    expect([records.mzxidOf(record), records.mtimeMsOf(record), records.versionOf(record)]).toEqual(
      Object.values(after),
    );
  });

  it('of the ACL are stamped with the version alone', () => {
    const record = recordWith();
    const before = records.statOf(record);
    records.stampAcl(record, -1);
    expect(records.statOf(record)).toEqual({ ...before, aversion: -1 });
    expect(records.aversionOf(record)).toBe(-1);
  });

  it('of children count both ways, and move the time of the last one forwards only', () => {
    const record = recordWith();
    records.stampChildren(record, (ZXID + 5) as Zxid, 1);
    records.stampChildren(record, (ZXID + 6) as Zxid, -1);
    records.stampChildren(record, (ZXID + 2) as Zxid, 1);
    expect(records.statOf(record)).toMatchObject({ cversion: 3, numChildren: 1, pzxid: ZXID + 6, mzxid: ZXID });
    expect([records.numChildrenOf(record), records.pzxidOf(record), records.czxidOf(record)]).toEqual([
      1,
      ZXID + 6,
      ZXID,
    ]);
  });

  it('of versions go over the end of 32 bits', () => {
    const record = recordWith();
    records.stampData(record, ZXID, 0, 0x7fff_ffff);
    expect(records.versionOf(record)).toBe(0x7fff_ffff);
    records.stampData(record, ZXID, 0, 0x8000_0000);
    expect(records.versionOf(record)).toBe(-0x8000_0000);
    records.setCreates(record, -5);
    expect(records.createsOf(record)).toBe(-5);
  });

  it('show children that no transaction created', () => {
    const record = recordWith();
    records.setChildCount(record, 2);
    expect(records.statOf(record)).toMatchObject({ numChildren: 2, cversion: -2 });
  });
});

describe('a record from its parts', () => {
  const stat: Stat = {
    czxid: 1 as Zxid,
    mzxid: 2 as Zxid,
    ctimeMs: 3,
    mtimeMs: 4,
    version: 5,
    cversion: 6,
    aversion: 7,
    ephemeralOwner: SESSION,
    dataLength: 4,
    numChildren: 8,
    pzxid: 9 as Zxid,
  };

  it('has every one of them', () => {
    const record = records.recordOf(stat, { data: bytesOf('data'), acl: ACL, creates: 7 }, allocate);
    expect(records.statOf(record)).toEqual(stat);
    expect(records.aclBytesOf(record)).toEqual(ACL);
    expect(records.createsOf(record)).toBe(7);
    expect(textOf(records.dataOf(record))).toBe('data');
  });

  it('takes the marks of containers and TTLs as owners, and hides them', () => {
    const record = records.recordOf(
      { ...stat, ephemeralOwner: CONTAINER_OWNER },
      { data: bytesOf('data'), acl: ACL, creates: 7 },
      allocate,
    );
    expect(records.ownerOf(record)).toBe(CONTAINER_OWNER);
    expect(records.statOf(record).ephemeralOwner).toBe(0n);
  });

  it('is refused when the stat and the data disagree', () => {
    expect(() => records.recordOf(stat, { data: null, acl: ACL, creates: 0 }, allocate)).toThrow('length of the data');
  });
});
