import { describe, expect, it } from '@jest/globals';
import { OpCode } from '@corral/model';
import { expectMalformed, type Golden, goldenFiles, readGolden } from '@corral/wire/testing';
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
import { UnknownTypeError } from './errors.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';

type Write = (writer: RecordWriter) => void;

const codecs: Record<string, OperationCodec> = operationCodecs;
const nothing: Write = () => undefined;

/** Decodes the bytes as the frame that the golden is; answers with how to write it again. */
function decode(golden: Golden, bytes: Buffer): Write {
  const reader = new RecordReader().reset(bytes, 0, bytes.length);
  const write = golden.direction === '>' ? decodeRequest(golden, reader) : decodeReply(golden, reader);
  expect(reader.remaining).toBe(0);
  return write;
}

function decodeRequest(golden: Golden, reader: RecordReader): Write {
  if (golden.name === 'connect') {
    const request = readConnectRequest(reader);
    return (writer) => writeConnectRequest(writer, request);
  }
  const header = readRequestHeader(reader);
  expect(header.type).toBe((OpCode as Record<string, number>)[golden.name]);
  const writeBody = decodeBody(codecs[golden.name]!.request, reader);
  return (writer) => {
    writeRequestHeader(writer, header);
    writeBody(writer);
  };
}

function decodeReply(golden: Golden, reader: RecordReader): Write {
  if (golden.name === 'connect') {
    const response = readConnectResponse(reader);
    return (writer) => writeConnectResponse(writer, response);
  }
  const header = readReplyHeader(reader);
  // A multiRead that was refused is the only error that comes with a body.
  const hasBody = !golden.isError || reader.remaining > 0;
  const writeBody = hasBody ? decodeBody(codecs[golden.name]!.response, reader) : nothing;
  return (writer) => {
    writeReplyHeader(writer, header.xid, header.zxid, header.err);
    writeBody(writer);
  };
}

function decodeBody(codec: RecordCodec | null, reader: RecordReader): Write {
  if (codec === null) return nothing;
  const value = codec.read(reader);
  return (writer) => codec.write(writer, value as never);
}

/** Shorter forms that are whole frames: a handshake without the read-only byte, an error without its body. */
function isWhole(golden: Golden, lengthBytes: number): boolean {
  if (golden.name === 'connect') return lengthBytes === (golden.direction === '>' ? 44 : 36);
  return golden.isError && lengthBytes === 16;
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
      for (let length = 0; length < golden.bytes.length; length += 1) {
        if (!isWhole(golden, length)) expectMalformed(() => decode(golden, golden.bytes.subarray(0, length)));
      }
    }
  });
});

describe('the captured frames', () => {
  const goldens = goldenFiles.clients.flatMap(readGolden);

  it('show every operation that a client can send, as request and as reply', () => {
    const seen = (direction: string): Set<string> =>
      new Set(goldens.filter((golden) => golden.direction === direction).map((golden) => golden.name));
    // Apache's members fall over a check that is not in a multi; the others come from members only.
    const missing = ['notification', 'createSession', 'error', 'check'];
    const expected = Object.keys(OpCode).filter((name) => !missing.includes(name));
    expect(expected.filter((name) => !seen('>').has(name))).toEqual([]);
    expect(expected.filter((name) => !seen('<').has(name))).toEqual([]);
    expect(seen('<')).toContain('notification');
  });

  it.each(readGolden('client-malformed').map((golden) => [golden.name, golden] as const))(
    'refuse a %s with an operation that does not belong there',
    (_, golden) => {
      expect(() => decode(golden, golden.bytes)).toThrow(UnknownTypeError);
    },
  );
});
