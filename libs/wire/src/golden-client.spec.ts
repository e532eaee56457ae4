import { describe, expect, it } from '@jest/globals';
import { OpCode } from '@corral/model';
import { type Golden, goldenFiles, readGolden } from '@corral/wire/testing';
import {
  readConnectRequest,
  readConnectResponse,
  writeConnectRequest,
  writeConnectResponse,
} from './client/connect.js';
import { operationCodecs } from './client/operation-codecs.js';
import type { OperationCodec, RecordCodec } from './client/record-codec.js';
import { readReplyHeader, writeReplyHeader } from './client/reply-header.js';
import { readRequestHeader, writeRequestHeader } from './client/request-header.js';
import { MalformedRecordError } from './errors.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';

const codecs: Record<string, OperationCodec> = operationCodecs;

/** Decodes a frame as what it is; answers with how to write it again. */
function decode(golden: Golden, bytes: Buffer): (writer: RecordWriter) => void {
  const reader = new RecordReader().reset(bytes, 0, bytes.length);
  const write = golden.direction === '>' ? decodeRequest(golden, reader) : decodeReply(golden, reader);
  expect(reader.remaining).toBe(0);
  return write;
}

function decodeRequest(golden: Golden, reader: RecordReader): (writer: RecordWriter) => void {
  if (golden.name === 'connect') {
    const request = readConnectRequest(reader);
    return (writer) => writeConnectRequest(writer, request);
  }
  const header = readRequestHeader(reader);
  expect(header.type).toBe((OpCode as Record<string, number>)[golden.name]);
  const writeBody = isHeaderOnly(golden) ? () => undefined : decodeBody(codecs[golden.name]!.request, reader);
  return (writer) => {
    writeRequestHeader(writer, header);
    writeBody(writer);
  };
}

function decodeReply(golden: Golden, reader: RecordReader): (writer: RecordWriter) => void {
  if (golden.name === 'connect') {
    const response = readConnectResponse(reader);
    return (writer) => writeConnectResponse(writer, response);
  }
  const header = readReplyHeader(reader);
  const hasBody = !golden.isError || reader.remaining > 0;
  const writeBody = hasBody ? decodeBody(codecs[golden.name]!.response, reader) : () => undefined;
  return (writer) => {
    writeReplyHeader(writer, header.xid, header.zxid, header.err);
    writeBody(writer);
  };
}

function decodeBody(codec: RecordCodec | null, reader: RecordReader): (writer: RecordWriter) => void {
  if (codec === null) return () => undefined;
  const value = codec.read(reader);
  return (writer) => codec.write(writer, value as never);
}

/** The C client says who it is by nothing but headers in these. */
function isHeaderOnly(golden: Golden): boolean {
  return codecs[golden.name]!.request === null;
}

/** Frames that stay valid when their end is missing, and how many bytes of it may go. */
function optionalTail(golden: Golden): number {
  return golden.name === 'connect' ? 1 : 0;
}

describe.each(goldenFiles.clients)('every frame of %s', (file) => {
  const goldens = readGolden(file);

  it('was captured', () => {
    expect(goldens.length).toBeGreaterThan(50);
  });

  it.each(goldens.map((golden) => [`${golden.direction} ${golden.name}`, golden] as const))(
    '%s decodes, and encodes to the same bytes',
    (_, golden) => {
      const writer = new RecordWriter(1);
      decode(golden, golden.bytes)(writer);
      expect(writer.buffer.toString('hex', 0, writer.length)).toBe(golden.bytes.toString('hex'));
    },
  );

  it('is malformed, and nothing worse, when it ends too early', () => {
    for (const golden of goldens) {
      const lengthMax = golden.bytes.length - 1 - optionalTail(golden);
      for (let length = 0; length <= lengthMax; length += 1) {
        // An error reply without its body, which only multiRead has, is a frame of its own.
        if (golden.isError && length === 16) continue;
        expect(() => decode(golden, golden.bytes.subarray(0, length))).toThrow(MalformedRecordError);
      }
    }
  });
});

describe('the captured frames', () => {
  it('show every operation that a client can send, as request and as reply', () => {
    const goldens = goldenFiles.clients.flatMap(readGolden);
    const seen = (direction: string): Set<string> =>
      new Set(goldens.filter((golden) => golden.direction === direction).map((golden) => golden.name));
    const serverOnly = ['notification', 'createSession', 'error', 'check'];
    const expected = Object.keys(OpCode).filter((name) => !serverOnly.includes(name));
    expect(expected.filter((name) => !seen('>').has(name))).toEqual([]);
    expect(expected.filter((name) => !seen('<').has(name))).toEqual([]);
    expect(seen('<')).toContain('notification');
  });
});
