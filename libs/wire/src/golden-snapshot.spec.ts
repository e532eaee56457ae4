import { describe, expect, it } from '@jest/globals';
import { readGolden } from '@corral/wire/testing';
import { MalformedRecordError } from './errors.js';
import { readQuorumMessage } from './quorum/read-message.js';
import { RecordReader } from './record-reader.js';
import { RecordStream } from './record-stream.js';
import { readSnapshotDigest, readSnapshotSeal } from './snapshot/records.js';
import { SnapshotDecoder, type SnapshotForm } from './snapshot/snapshot-decoder.js';

const file = readGolden('snapshot')[0]!.bytes;
const fromLeader = readGolden('quorum-snap')[0]!.bytes;

/** Adler-32, the plain way. */
class Adler32 {
  #a = 1;
  #b = 0;

  add = (buffer: Buffer, start: number, end: number): void => {
    for (let at = start; at < end; at += 1) {
      this.#a = (this.#a + buffer[at]!) % 65521;
      this.#b = (this.#b + this.#a) % 65521;
    }
  };

  get value(): number {
    return this.#b * 65536 + this.#a;
  }
}

interface Contents {
  readonly sessions: number[];
  readonly aclKeys: number[];
  readonly paths: string[];
}

function collect(form: SnapshotForm, adler = new Adler32()): { decoder: SnapshotDecoder; contents: Contents } {
  const contents: Contents = { sessions: [], aclKeys: [], paths: [] };
  const decoder = new SnapshotDecoder(
    form,
    {
      session: ({ timeoutMs }) => contents.sessions.push(timeoutMs),
      acl: ({ key }) => contents.aclKeys.push(key),
      znode: ({ path }) => contents.paths.push(path),
    },
    { maxRecordBytes: 1_000_000, onBytes: adler.add },
  );
  return { decoder, contents };
}

function bytewise(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
}

describe('a snapshot file', () => {
  it.each([
    ['in one piece', [file]],
    ['byte by byte', bytewise(file)],
  ])('is read %s, up to its checksum', (_, chunks) => {
    const adler = new Adler32();
    const { decoder, contents } = collect('file', adler);
    for (const chunk of chunks) decoder.push(chunk);
    decoder.end();
    expect(contents.sessions).not.toHaveLength(0);
    expect(contents.aclKeys).not.toHaveLength(0);
    expect(contents.paths.slice(0, 2)).toEqual(['', '/zookeeper']);
    expect(contents.paths).toContain('/kz/é€');
    expect(decoder.checksum).toBe(adler.value);
  });

  it('ends in the digest of the tree and a checksum over all', () => {
    const { decoder } = collect('file');
    decoder.push(file);
    const rest = decoder.takeRest();
    const reader = new RecordReader().reset(rest, 0, rest.length);
    expect(readSnapshotDigest(reader)).toEqual(expect.objectContaining({ zxid: 0x5_0000_0005, version: 2 }));
    const adler = new Adler32();
    adler.add(file, 0, file.length - reader.remaining);
    expect(readSnapshotSeal(reader)).toBe(adler.value);
    expect(reader.remaining).toBe(0);
  });

  it('is not complete at any earlier byte', () => {
    const { decoder: whole } = collect('file');
    whole.push(file);
    for (let length = 0; length < whole.position; length += 1) {
      const { decoder } = collect('file');
      decoder.push(file.subarray(0, length));
      expect(decoder.done).toBe(false);
      expect(() => {
        decoder.end();
      }).toThrow(MalformedRecordError);
    }
  });

  it('is refused with a wrong magic or version', () => {
    for (const at of [0, 7]) {
      const broken = Buffer.from(file);
      broken[at]! ^= 0xff;
      expect(() => {
        collect('file').decoder.push(broken);
      }).toThrow(MalformedRecordError);
    }
  });

  it('is refused when a record is longer than the limit, before it arrives', () => {
    const broken = Buffer.from(file);
    const rootDataLengthAt = file.indexOf(Buffer.from('/zookeeper')) + '/zookeeper'.length;
    broken.writeInt32BE(0x7fff_ffff, rootDataLengthAt);
    expect(() => {
      collect('file').decoder.push(broken);
    }).toThrow('at most 1000000 bytes');
  });
});

describe('a snapshot from a leader', () => {
  it('follows its packet, has neither header nor checksum, and ends in a signature', () => {
    const stream = new RecordStream(1_000_000);
    stream.push(fromLeader);
    expect(stream.read(readQuorumMessage)?.kind).toBe('snap');
    const { decoder, contents } = collect('stream');
    decoder.push(stream.takeRest());
    expect(decoder.done).toBe(true);
    expect(contents.paths[0]).toBe('');
    const rest = decoder.takeRest();
    expect(new RecordReader().reset(rest, 0, rest.length).readString()).toBe('BenWasHere');
  });
});
