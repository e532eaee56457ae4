import { describe, expect, it } from '@jest/globals';
import { expectMalformed, readGolden } from '@corral/wire/testing';
import type { ServerId, Zxid } from '@corral/primitives';
import { readElectionHello, writeElectionHello } from './election/hello.js';
import { readNotification, writeNotification } from './election/notification.js';
import { MalformedRecordError } from './errors.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';

const goldens = readGolden('election');
const hellos = goldens.filter((golden) => golden.name === 'hello');
const notifications = goldens.filter((golden) => golden.name === 'notification');

function over(bytes: Buffer): RecordReader {
  return new RecordReader().reset(bytes, 0, bytes.length);
}

function hello(hex: string): ReturnType<typeof readElectionHello> {
  return readElectionHello(over(Buffer.from(hex, 'hex')));
}

function written(write: (writer: RecordWriter) => void): string {
  const writer = new RecordWriter(1);
  write(writer);
  return writer.buffer.toString('hex', 0, writer.length);
}

describe('the first message of an election connection', () => {
  it.each(hellos.map((golden) => [golden.bytes.toString('latin1').replace(/[^ -~]/g, ''), golden] as const))(
    'decodes, and encodes to the same bytes: %s',
    (_, { bytes }) => {
      expect(written((writer) => writeElectionHello(writer, readElectionHello(over(bytes))))).toBe(
        bytes.toString('hex'),
      );
    },
  );

  it('tells one address, or several', () => {
    const counts = hellos.map((golden) => readElectionHello(over(golden.bytes)).addresses.length);
    expect(new Set(counts)).toEqual(new Set([1, 2]));
  });

  it('is the id alone before 3.5', () => {
    expect(hello('0000000000000007')).toEqual({ serverId: 7, addresses: [] });
    expect(written((writer) => writeElectionHello(writer, { serverId: 7 as ServerId, addresses: [] }))).toBe(
      '0000000000000007',
    );
  });

  it('has IPv6 addresses in brackets', () => {
    const addresses = [{ host: '::1', port: 3888 }];
    const bytes = written((writer) => writeElectionHello(writer, { serverId: 1 as ServerId, addresses }));
    expect(Buffer.from(bytes, 'hex').toString('latin1')).toContain('[::1]:3888');
    expect(hello(bytes).addresses).toEqual(addresses);
  });

  it.each([
    ['an unknown version', 'fffffffffffffffe'],
    ['no address', 'ffffffffffff0000' + '0000000000000001' + '00000000'],
    ['too much', 'ffffffffffff0000' + '0000000000000001' + '00000801'],
    ['no port', 'ffffffffffff0000' + '0000000000000001' + '00000001' + '61'],
    ['a port that is none', 'ffffffffffff0000' + '0000000000000001' + '00000007' + '613a3939393939'],
    ['no host', 'ffffffffffff0000' + '0000000000000001' + '00000003' + '3a3331'],
  ])('is refused with %s', (_, hex) => {
    expect(() => hello(hex)).toThrow(MalformedRecordError);
  });

  it('is malformed, and nothing worse, when it ends too early', () => {
    for (const { bytes } of hellos) {
      for (let length = 0; length < bytes.length; length += 1) {
        expectMalformed(() => readElectionHello(over(bytes.subarray(0, length))));
      }
    }
  });
});

describe('a notification', () => {
  it.each(notifications.map((golden, index) => [index, golden] as const))(
    'decodes, and encodes to the same bytes: %i',
    (_, { bytes }) => {
      expect(written((writer) => writeNotification(writer, readNotification(over(bytes))))).toBe(bytes.toString('hex'));
    },
  );

  it('comes from members in every state, with a vote and, from observers, without', () => {
    const decoded = notifications.map((golden) => readNotification(over(golden.bytes)));
    expect(new Set(decoded.map(({ state }) => state))).toEqual(new Set(['looking', 'following', 'leading']));
    expect(decoded.some(({ vote }) => vote === null)).toBe(true);
    expect(decoded.some(({ vote }) => vote !== null && vote.zxid > 0 && vote.peerEpoch > 0)).toBe(true);
    expect(decoded.every(({ config }) => config?.toString().startsWith('server.1='))).toBe(true);
  });

  const vote = '0000000000000003' + '0000000200000005' + '0000000000000004';

  it("has no epoch in the oldest form: it is the zxid's", () => {
    expect(readNotification(over(Buffer.from('00000002' + vote, 'hex')))).toEqual({
      state: 'leading',
      electionEpoch: 4,
      vote: { leader: 3 as ServerId, zxid: 0x2_0000_0005 as Zxid, peerEpoch: 2 },
      config: null,
    });
  });

  it.each(['00000000', '00000001', '00000002'])(
    'has no configuration in the form of 40 bytes, version %s',
    (version) => {
      const bytes = Buffer.from('00000003' + vote + '0000000000000009' + version, 'hex');
      const decoded = readNotification(over(bytes));
      expect(decoded).toEqual(expect.objectContaining({ state: 'observing', config: null }));
      expect(decoded.vote?.peerEpoch).toBe(9);
    },
  );

  it('is refused with a state that does not exist', () => {
    expectMalformed(() => readNotification(over(Buffer.from('00000004' + vote, 'hex'))));
  });

  it('is malformed, and nothing worse, when it ends too early', () => {
    const shorterForms = [28, 40];
    for (const { bytes } of notifications) {
      for (let length = 0; length < bytes.length; length += 1) {
        if (!shorterForms.includes(length)) expectMalformed(() => readNotification(over(bytes.subarray(0, length))));
      }
    }
  });
});
