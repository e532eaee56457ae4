import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OPEN_ACL } from '@corral/model';
import { anyAcl, anyInt, anyLong, anyStat, anyText, safeLong } from '@corral/wire/testing';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';

const reader = new RecordReader();

/** Writes with a writer so small that it must grow, at an odd offset, and reads it all back. */
function roundTrip<T>(write: (writer: RecordWriter) => void, read: (reader: RecordReader) => T): T {
  const writer = new RecordWriter(1);
  writer.writeBool(true);
  write(writer);
  reader.reset(writer.buffer, 1, writer.length);
  const value = read(reader);
  expect(reader.remaining).toBe(0);
  return value;
}

describe('what a RecordWriter writes, a RecordReader reads', () => {
  it('ints', () => {
    fc.assert(
      fc.property(anyInt, (value) => {
        expect(
          roundTrip(
            (w) => w.writeInt(value),
            (r) => r.readInt(),
          ),
        ).toBe(value);
      }),
    );
  });

  it('longs that a double holds', () => {
    fc.assert(
      fc.property(safeLong, (value) => {
        // Compared with ==, since zero has one form on the wire.
        expect(
          roundTrip(
            (w) => w.writeLong(value),
            (r) => r.readLong(),
          ) === value,
        ).toBe(true);
        expect(
          roundTrip(
            (w) => w.writeLong(value),
            (r) => r.readLongBig(),
          ),
        ).toBe(BigInt(value));
      }),
    );
  });

  it('all longs, as BigInts', () => {
    fc.assert(
      fc.property(anyLong, (value) => {
        expect(
          roundTrip(
            (w) => w.writeLongBig(value),
            (r) => r.readLongBig(),
          ),
        ).toBe(value);
      }),
    );
  });

  it('strings', () => {
    fc.assert(
      fc.property(fc.option(anyText), (value) => {
        expect(
          roundTrip(
            (w) => w.writeString(value),
            (r) => r.readString(),
          ),
        ).toBe(value);
      }),
    );
  });

  it('buffers', () => {
    fc.assert(
      fc.property(fc.option(fc.uint8Array({ maxLength: 100 })), (value) => {
        const back = roundTrip(
          (w) => w.writeBuffer(value),
          (r) => r.readBuffer(),
        );
        expect(back && Uint8Array.from(back)).toEqual(value);
      }),
    );
  });

  it('lists of strings', () => {
    fc.assert(
      fc.property(fc.option(fc.array(anyText, { maxLength: 10 })), (value) => {
        expect(
          roundTrip(
            (w) => w.writeStrings(value),
            (r) => r.readStrings(),
          ),
        ).toEqual(value);
      }),
    );
  });

  it('ACLs', () => {
    fc.assert(
      fc.property(fc.option(anyAcl), (value) => {
        expect(
          roundTrip(
            (w) => w.writeAcl(value),
            (r) => r.readAcl(),
          ),
        ).toEqual(value);
      }),
    );
  });

  it('the open ACL, as the shared object', () => {
    const copy = OPEN_ACL.map((entry) => ({ ...entry }));
    expect(
      roundTrip(
        (w) => w.writeAcl(copy),
        (r) => r.readAcl(),
      ),
    ).toBe(OPEN_ACL);
    expect(
      roundTrip(
        (w) => w.writeAcl(OPEN_ACL),
        (r) => r.readAcl(),
      ),
    ).toBe(OPEN_ACL);
  });

  it('an ACL that only begins like the open one', () => {
    const longer = [...OPEN_ACL, { perms: 1, scheme: 'ip', id: '10.0.0.0/8' }];
    expect(
      roundTrip(
        (w) => w.writeAcl(longer),
        (r) => r.readAcl(),
      ),
    ).toEqual(longer);
  });

  it('stats', () => {
    fc.assert(
      fc.property(anyStat, (value) => {
        expect(
          roundTrip(
            (w) => w.writeStat(value),
            (r) => r.readStat(),
          ),
        ).toEqual(value);
      }),
    );
  });
});
