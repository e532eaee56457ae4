import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameLengthError } from './errors.js';
import { FrameSplitter } from './frame-splitter.js';

const MAX = 1000;

function frame(body: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** Pushes the chunks and collects the bodies as hex. */
function split(chunks: readonly Buffer[], splitter = new FrameSplitter(MAX)): string[] {
  const bodies: string[] = [];
  for (const chunk of chunks) {
    splitter.push(chunk, (buffer, start, end) => bodies.push(buffer.toString('hex', start, end)));
  }
  return bodies;
}

const bodies = [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(MAX, 7), Buffer.from('four')];
const stream = Buffer.concat(bodies.map(frame));
const expected = bodies.map((body) => body.toString('hex'));

describe('FrameSplitter', () => {
  it('hands on the frames of one chunk where they are', () => {
    const seen: Buffer[] = [];
    new FrameSplitter(MAX).push(stream, (buffer) => seen.push(buffer));
    expect(seen).toHaveLength(4);
    expect(seen.every((buffer) => buffer === stream)).toBe(true);
  });

  it('puts frames together from one byte at a time', () => {
    expect(split(Array.from(stream, (byte) => Buffer.of(byte)))).toEqual(expected);
  });

  it('gives the same frames however the stream is cut', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 30 });
    fc.assert(
      fc.property(cuts, (unsorted) => {
        const at = [0, ...unsorted.toSorted((a, b) => a - b), stream.length];
        const chunks = at.slice(1).map((end, index) => stream.subarray(at[index], end));
        expect(split(chunks)).toEqual(expected);
      }),
    );
  });

  it.each([
    ['negative', 'ffffffff'],
    ['over the limit', '000003e9'],
  ])('refuses a length that is %s, in one piece and byte by byte', (_, hex) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(() => split([bytes])).toThrow(FrameLengthError);
    expect(() => split(Array.from(bytes, (byte) => Buffer.of(byte)).concat(Buffer.of(0)))).toThrow(FrameLengthError);
  });

  it('refuses a length as soon as its four bytes are there', () => {
    const splitter = new FrameSplitter(MAX);
    split([Buffer.from('7fff', 'hex')], splitter);
    expect(() => split([Buffer.from('ffff', 'hex')], splitter)).toThrow(FrameLengthError);
  });

  it('hands on nothing after a bad length', () => {
    const splitter = new FrameSplitter(MAX);
    expect(() => split([Buffer.from('ffffffff', 'hex')], splitter)).toThrow(FrameLengthError);
    expect(split([stream], splitter)).toEqual([]);
  });

  it('hands on the frames before a bad length', () => {
    const seen: string[] = [];
    const chunk = Buffer.concat([frame(Buffer.from('ok')), Buffer.from('ffffffff', 'hex')]);
    expect(() => {
      new FrameSplitter(MAX).push(chunk, (buffer, start, end) => seen.push(buffer.toString('utf8', start, end)));
    }).toThrow(FrameLengthError);
    expect(seen).toEqual(['ok']);
  });

  it('never takes much more memory than has arrived', () => {
    const splitter = new FrameSplitter(100 * 1024 * 1024);
    split([Buffer.from('06400000', 'hex'), Buffer.alloc(10)], splitter);
    expect(splitter.pendingBytes).toBe(14);
    expect(splitter.heldBytes).toBeLessThanOrEqual(1024);
    split([Buffer.alloc(100_000)], splitter);
    expect(splitter.heldBytes).toBeLessThanOrEqual(2 * 100_014);
  });

  it('stops in the middle of a chunk when it is told to', () => {
    const splitter = new FrameSplitter(MAX);
    let frames = 0;
    splitter.push(stream, () => {
      frames += 1;
      splitter.stop();
    });
    expect(frames).toBe(1);
    expect(splitter.pendingBytes).toBe(0);
  });
});
