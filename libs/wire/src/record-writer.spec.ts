import { describe, expect, it } from '@jest/globals';
import { RecordWriter } from './record-writer.js';

const written = (writer: RecordWriter): string => writer.buffer.toString('hex', 0, writer.length);

describe('RecordWriter', () => {
  it('fills in the length of a frame when the frame ends', () => {
    const writer = new RecordWriter(8);
    const outer = writer.beginFrame();
    writer.writeBool(true);
    const inner = writer.beginFrame();
    writer.writeInt(7);
    writer.endFrame(inner);
    writer.endFrame(outer);
    expect(written(writer)).toBe('00000009' + '01' + '00000004' + '00000007');
  });

  it('takes back what was written', () => {
    const writer = new RecordWriter();
    writer.writeInt(1);
    const mark = writer.length;
    writer.writeString('no');
    writer.truncate(mark);
    writer.writeInt(2);
    expect(written(writer)).toBe('0000000100000002');
  });

  it('copies short and long runs, whole or in part', () => {
    const source = Buffer.from(Array.from({ length: 100 }, (_, index) => index));
    const writer = new RecordWriter(1);
    writer.writeBytes(source, 1, 4);
    writer.writeBytes(source, 0, 100);
    writer.writeBytes(source, 10, 90);
    const expected = Buffer.concat([source.subarray(1, 4), source, source.subarray(10, 90)]);
    expect(written(writer)).toBe(expected.toString('hex'));
  });

  it('grows by doubling, so that many small writes copy little', () => {
    const writer = new RecordWriter(16);
    const buffers = new Set<Buffer>();
    for (let count = 0; count < 10_000; count += 1) {
      writer.writeInt(count);
      buffers.add(writer.buffer);
    }
    expect(buffers.size).toBeLessThan(20);
  });

  it('starts over in the same memory', () => {
    const writer = new RecordWriter();
    const { buffer } = writer;
    writer.writeInt(1);
    writer.clear();
    expect(writer.length).toBe(0);
    expect(writer.buffer).toBe(buffer);
  });

  it('lets go of a buffer that grew large', () => {
    const writer = new RecordWriter(16);
    writer.writeBuffer(Buffer.alloc(3 * 1024 * 1024));
    writer.clear();
    expect(writer.buffer).toHaveLength(16);
  });

  it('counts bytes, not characters', () => {
    const writer = new RecordWriter(1);
    writer.writeString('é');
    writer.writeString('€'.repeat(50));
    expect(written(writer)).toBe('00000002c3a9' + '00000096' + 'e282ac'.repeat(50));
  });
});
