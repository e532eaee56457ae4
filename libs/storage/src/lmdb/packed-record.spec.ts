import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type SessionId, sessionIdOf, type Zxid } from '@corral/primitives';
import { CONTAINER_OWNER, type Stat, ttlOwner } from '@corral/model';
import { recordOf, type ZnodeRecord } from '@corral/znode';
import { packRecord, unpackRecord } from './packed-record.js';

const MARGIN = 3;

/** Packs a record into the middle of something, and says how many bytes that took. */
function packed(record: ZnodeRecord): Buffer {
  const target = Buffer.alloc(record.length + 2 * MARGIN, 0xee);
  const end = packRecord(record, target, MARGIN);
  expect(end).toBeLessThanOrEqual(MARGIN + record.length);
  expect(target.subarray(0, MARGIN)).toEqual(Buffer.alloc(MARGIN, 0xee));
  return target.subarray(MARGIN, end);
}

const STAT: Stat = {
  czxid: 0x5_0000_0007 as Zxid,
  mzxid: 0x5_0000_0007 as Zxid,
  ctimeMs: 1_764_086_400_123,
  mtimeMs: 1_764_086_400_123,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: 0n as SessionId,
  dataLength: 100,
  numChildren: 0,
  pzxid: 0x5_0000_0007 as Zxid,
};

const recordWith = (
  stat: Partial<Stat>,
  parts: { data: Uint8Array | null; acl?: Uint8Array; creates?: number },
): ZnodeRecord => {
  const { data, acl = new Uint8Array(0), creates = 0 } = parts;
  return recordOf({ ...STAT, ...stat, dataLength: data?.length ?? 0 }, { data, acl, creates }, Buffer.alloc);
};

describe('a packed record', () => {
  it('takes a dozen bytes beside the data when nothing has happened to the znode', () => {
    expect(packed(recordWith({}, { data: Buffer.alloc(100, 7) }))).toHaveLength(100 + 12);
  });

  it('is told from a record as it is by its first bit', () => {
    const record = recordWith({}, { data: Buffer.from('data') });
    expect(packed(record)[0]! & 0x80).toBe(0x80);
    expect(record[0]! & 0x80).toBe(0);
    expect(unpackRecord(record, 0)).toEqual(record);
  });

  it('is not made of numbers that are too large for it', () => {
    const record = recordWith({ mzxid: (2 ** 52) as Zxid }, { data: Buffer.from('data') });
    expect(packed(record)).toEqual(record);
    expect(unpackRecord(record, 0)).toEqual(record);
  });

  it('comes out as it went in, whatever the znode is', () => {
    const long = fc.oneof(fc.nat(), fc.maxSafeInteger().map(Math.abs), fc.constantFrom(2 ** 52 - 1, 2 ** 52));
    const int32 = fc.oneof(fc.constant(0), fc.integer());
    const stat = fc.record({
      czxid: long as fc.Arbitrary<Zxid>,
      mzxid: long as fc.Arbitrary<Zxid>,
      pzxid: long as fc.Arbitrary<Zxid>,
      ctimeMs: long,
      mtimeMs: long,
      version: int32,
      cversion: int32,
      aversion: int32,
      numChildren: int32,
      ephemeralOwner: fc.constantFrom(
        0n as SessionId,
        sessionIdOf(0x0100_0000_0000_0abcn),
        CONTAINER_OWNER,
        ttlOwner(7),
      ),
    });
    const bytes = fc.uint8Array({ maxLength: 40 });
    const parts = fc.record({ data: fc.option(bytes), acl: bytes, creates: fc.nat() });
    fc.assert(
      fc.property(fc.oneof(stat, fc.constant({})), parts, (changes, of) => {
        const record = recordWith(changes, of);
        expect(unpackRecord(Buffer.concat([Buffer.alloc(MARGIN), packed(record)]), MARGIN)).toEqual(record);
      }),
      { numRuns: 2_000 },
    );
  });
});
