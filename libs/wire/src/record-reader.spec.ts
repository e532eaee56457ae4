import { describe, expect, it } from '@jest/globals';
import { MalformedRecordError } from './errors.js';
import { RecordReader } from './record-reader.js';

function over(hex: string): RecordReader {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  return new RecordReader().reset(bytes, 0, bytes.length);
}

describe('RecordReader', () => {
  it.each<[string, (reader: RecordReader) => unknown]>([
    ['000000', (r) => r.readInt()],
    ['00000000 000000', (r) => r.readLong()],
    ['00000000 000000', (r) => r.readLongSaturated()],
    ['00000000 000000', (r) => r.readLongBig()],
    ['', (r) => r.readBool()],
    ['00000005 61626364', (r) => r.readString()],
    ['fffffffe', (r) => r.readString()],
    ['7fffffff 61', (r) => r.readString()],
    ['80000000', (r) => r.readBuffer()],
    ['00000002 61', (r) => r.readBuffer()],
    ['00000001', (r) => r.readStrings()],
    ['00000001 ffffffff', (r) => r.readStrings()],
    ['7fffffff', (r) => r.readStrings()],
    ['7fffffff', (r) => r.readAcl()],
    ['00000001 0000001f 00000005 776f726c64 00000006 616e796f6e', (r) => r.readAcl()],
    ['00000000', (r) => r.readStat()],
  ])('refuses %s', (hex, read) => {
    expect(() => read(over(hex))).toThrow(MalformedRecordError);
  });

  it('never looks beyond its end', () => {
    const bytes = Buffer.from('00000003616263646566', 'hex');
    const reader = new RecordReader().reset(bytes, 0, 6);
    expect(() => reader.readString()).toThrow('string length at offset 0: expected -1 to 2, not 3');
  });

  it.each<[string, (reader: RecordReader) => unknown]>([
    ['int', (r) => r.readInt()],
    ['long', (r) => r.readLong()],
    ['saturated long', (r) => r.readLongSaturated()],
    ['long as BigInt', (r) => r.readLongBig()],
    ['bool', (r) => r.readBool()],
  ])('takes no byte of the next frame for the end of its %s', (_, read) => {
    const sizeBytes = 16;
    for (let end = 0; end < sizeBytes; end += 1) {
      const reader = new RecordReader().reset(Buffer.alloc(sizeBytes), 0, end);
      try {
        read(reader);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedRecordError);
      }
      expect(reader.offset).toBeLessThanOrEqual(end);
    }
  });

  it('takes every byte but 0 for true', () => {
    expect(over('00').readBool()).toBe(false);
    expect(over('01').readBool()).toBe(true);
    expect(over('80').readBool()).toBe(true);
  });

  it('tells where and what', () => {
    const reader = over('00000000 0000');
    reader.readInt();
    expect(() => reader.readInt()).toThrow('int at offset 4: expected 4 bytes, found 2');
  });

  it('keeps null apart from empty', () => {
    expect(over('ffffffff').readString()).toBeNull();
    expect(over('00000000').readString()).toBe('');
    expect(over('ffffffff').readBuffer()).toBeNull();
    expect(over('00000000').readBuffer()).toHaveLength(0);
    expect(over('ffffffff').readStrings()).toBeNull();
    expect(over('ffffffff').readAcl()).toBeNull();
  });

  it('takes any other negative count for an empty list, as ZooKeeper does', () => {
    expect(over('fffffffe').readStrings()).toEqual([]);
    expect(over('80000000').readAcl()).toEqual([]);
  });

  it('refuses longs that a double does not hold', () => {
    expect(over('001fffff ffffffff').readLong()).toBe(Number.MAX_SAFE_INTEGER);
    expect(over('ffe00000 00000001').readLong()).toBe(Number.MIN_SAFE_INTEGER);
    expect(over('ffffffff ffffffff').readLong()).toBe(-1);
    expect(() => over('00200000 00000000').readLong()).toThrow(MalformedRecordError);
    expect(() => over('ffe00000 00000000').readLong()).toThrow(MalformedRecordError);
  });

  it('saturates where it was asked to', () => {
    expect(over('7fffffff ffffffff').readLongSaturated()).toBe(Number.MAX_SAFE_INTEGER);
    expect(over('80000000 00000000').readLongSaturated()).toBe(Number.MIN_SAFE_INTEGER);
    expect(over('ffe00000 00000000').readLongSaturated()).toBe(Number.MIN_SAFE_INTEGER);
    expect(over('ffffffff fffffffe').readLongSaturated()).toBe(-2);
  });

  it('gives buffers as views', () => {
    const bytes = Buffer.from('00000001aa', 'hex');
    const view = new RecordReader().reset(bytes, 0, bytes.length).readBuffer();
    bytes[4] = 0xbb;
    expect(view?.[0]).toBe(0xbb);
  });
});
