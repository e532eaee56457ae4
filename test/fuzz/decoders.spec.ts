/** Damaged records: a decoder returns a value or throws MalformedRecordError, whatever the bytes are. */
import { describe, expect, it } from '@jest/globals';
import {
  FrameSplitter,
  operationCodecs,
  quorumMessageOf,
  readConnectRequest,
  readConnectResponse,
  readQuorumPacket,
  RecordReader,
  readTransaction,
  type RecordCodec,
} from '@corral/wire';
import { goldenFiles, readClientGoldens, readGolden, type Golden } from '@corral/wire/testing';
import { Prng } from '../prng.js';
import { fuzzSeed, inputs } from './inputs.js';
import { mutate } from './mutate.js';

const REQUEST_HEADER_BYTES = 8;
const REPLY_HEADER_BYTES = 16;
const ALLOWED = new Set(['MalformedRecordError', 'UnknownTypeError']);

/** A record that was captured, and what reads it. */
interface Subject {
  readonly name: string;
  readonly bytes: Buffer;
  readonly read: (reader: RecordReader) => unknown;
}

function subjectOf({ direction, name, isError, bytes }: Golden): Subject[] {
  if (isError) return [];
  if (name === 'connect') return [{ name, bytes, read: direction === '>' ? readConnectRequest : readConnectResponse }];
  const codecs = (operationCodecs as Record<string, { request: RecordCodec | null; response: RecordCodec | null }>)[
    name
  ];
  const codec = direction === '>' ? codecs?.request : codecs?.response;
  if (codec == null) return [];
  const header = direction === '>' ? REQUEST_HEADER_BYTES : REPLY_HEADER_BYTES;
  return [{ name: `${direction} ${name}`, bytes: bytes.subarray(header), read: codec.read }];
}

const subjects: Subject[] = [
  ...readClientGoldens().flatMap(subjectOf),
  ...goldenFiles.transactions.flatMap(readGolden).map(({ name, bytes }) => ({ name, bytes, read: readTransaction })),
  ...goldenFiles.quorum.flatMap(readGolden).map(({ name, bytes }) => ({
    name: `quorum ${name}`,
    bytes,
    read: (reader: RecordReader) => quorumMessageOf(readQuorumPacket(reader)),
  })),
].filter(({ bytes }) => bytes.length > 0);

describe('decoders', () => {
  it(`survive ${inputs(60_000)} damaged records`, () => {
    const seed = fuzzSeed();
    const prng = new Prng(seed);
    const corpus = subjects.map(({ bytes }) => bytes);
    const reader = new RecordReader();
    expect(subjects.length).toBeGreaterThan(100);
    for (let i = 0; i < inputs(60_000); i += 1) {
      const subject = prng.pick(subjects);
      const bytes = mutate(subject.bytes, corpus, prng);
      try {
        subject.read(reader.reset(bytes, 0, bytes.length));
      } catch (error) {
        if (error instanceof Error && ALLOWED.has(error.name)) continue;
        throw new Error(`seed ${seed}, input ${i}, ${subject.name}: ${bytes.toString('hex')}`, { cause: error });
      }
      expect(reader.offset).toBeLessThanOrEqual(bytes.length);
    }
  }, 120_000);

  it(`split ${inputs(10_000)} damaged streams into frames, however they are cut`, () => {
    const seed = fuzzSeed();
    const prng = new Prng(seed);
    const corpus = readClientGoldens().map(({ bytes }) => {
      const length = Buffer.alloc(4);
      length.writeInt32BE(bytes.length);
      return Buffer.concat([length, bytes]);
    });
    for (let i = 0; i < inputs(10_000); i += 1) {
      const stream = mutate(Buffer.concat([prng.pick(corpus), prng.pick(corpus)]), corpus, prng);
      const splitter = new FrameSplitter(0xfffff);
      let framedBytes = 0;
      try {
        for (let at = 0; at < stream.length;) {
          const end = Math.min(stream.length, at + 1 + prng.below(40));
          splitter.push(stream.subarray(at, end), (_buffer, start, frameEnd) => (framedBytes += frameEnd - start + 4));
          at = end;
        }
        // Every byte is in a frame or waits for the rest of one.
        expect(framedBytes + splitter.pendingBytes).toBe(stream.length);
        expect(splitter.heldBytes).toBeLessThanOrEqual(Math.max(1024, 2 * stream.length));
      } catch (error) {
        if (error instanceof Error && error.name === 'FrameLengthError') continue;
        throw new Error(`seed ${seed}, input ${i}: ${stream.toString('hex')}`, { cause: error });
      }
    }
  }, 60_000);
});
