import { describe, expect, it } from '@jest/globals';
import { MalformedRecordError } from './errors.js';
import type { RecordReader } from './record-reader.js';
import { RecordStream } from './record-stream.js';
import { RecordWriter } from './record-writer.js';

const readText = (reader: RecordReader): string | null => reader.readString();

function textBytes(text: string): Buffer {
  const writer = new RecordWriter();
  writer.writeString(text);
  return Buffer.from(writer.buffer.subarray(0, writer.length));
}

describe('RecordStream', () => {
  it('reads a record when its last byte has come', () => {
    const stream = new RecordStream(100);
    const bytes = textBytes('hello');
    for (const byte of bytes.subarray(0, -1)) {
      stream.push(Buffer.of(byte));
      expect(stream.read(readText)).toBeUndefined();
    }
    stream.push(bytes.subarray(-1));
    expect(stream.read(readText)).toBe('hello');
    expect(stream.read(readText)).toBeUndefined();
  });

  it('does not try again before the bytes can be enough', () => {
    const stream = new RecordStream(1000);
    let tries = 0;
    const decode = (reader: RecordReader): string | null => {
      tries += 1;
      return readText(reader);
    };
    for (const byte of textBytes('x'.repeat(500))) {
      stream.push(Buffer.of(byte));
      stream.read(decode);
    }
    expect(tries).toBeLessThanOrEqual(6);
  });

  it('tells of the bytes it read, and where it is', () => {
    const seen: string[] = [];
    const stream = new RecordStream(100, (buffer, start, end) => seen.push(buffer.toString('hex', start, end)));
    const all = Buffer.concat([textBytes('ab'), textBytes('c'), Buffer.of(9)]);
    stream.push(all);
    stream.read(readText);
    stream.read(readText);
    expect(stream.read(readText)).toBeUndefined();
    expect(seen).toEqual(['000000026162', '0000000163']);
    expect(stream.position).toBe(11);
    expect(stream.pendingBytes).toBe(1);
  });

  it('gives up the rest', () => {
    const stream = new RecordStream(100);
    stream.push(Buffer.concat([textBytes('ab'), Buffer.from('re')]));
    stream.push(Buffer.from('st'));
    stream.read(readText);
    expect(stream.takeRest().toString()).toBe('rest');
    expect(stream.pendingBytes).toBe(0);
    expect(stream.takeRest()).toHaveLength(0);
  });

  it('refuses a record over its limit as soon as that is known', () => {
    const stream = new RecordStream(100);
    stream.push(Buffer.from('00000061', 'hex'));
    expect(() => stream.read(readText)).toThrow('at most 100 bytes, not 101');
  });

  it('passes on what cannot become a record', () => {
    const stream = new RecordStream(100);
    stream.push(Buffer.from('fffffffe', 'hex'));
    expect(() => stream.read(readText)).toThrow(MalformedRecordError);
    expect(() =>
      stream.read(() => {
        throw new TypeError('a bug');
      }),
    ).toThrow(TypeError);
  });
});
