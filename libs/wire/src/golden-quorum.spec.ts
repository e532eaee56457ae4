import { describe, expect, it } from '@jest/globals';
import { expectMalformed, readGolden } from '@corral/wire/testing';
import type { QuorumMessage } from '@corral/zab';
import { PacketType } from './quorum/packet.js';
import { readQuorumMessage } from './quorum/read-message.js';
import { writeQuorumMessage } from './quorum/write-message.js';
import { RecordReader } from './record-reader.js';
import { RecordStream } from './record-stream.js';
import { RecordWriter } from './record-writer.js';
import { readTransaction } from './transaction/transaction.js';

const goldens = readGolden('quorum');

function decode(bytes: Buffer): QuorumMessage {
  const reader = new RecordReader().reset(bytes, 0, bytes.length);
  const message = readQuorumMessage(reader);
  expect(reader.remaining).toBe(0);
  return message;
}

/** A packet's name as a message's kind: observerInfo is observer-info. */
function kindOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

describe('packets of the quorum port', () => {
  it.each(goldens.map((golden) => [`${golden.direction} ${golden.name}`, golden] as const))(
    '%s decodes, and encodes to the same bytes',
    (_, golden) => {
      const message = decode(golden.bytes);
      expect([kindOf(golden.name), 'revalidated']).toContain(message.kind);
      const writer = new RecordWriter(1);
      writeQuorumMessage(writer, message);
      expect(writer.buffer.toString('hex', 0, writer.length)).toBe(golden.bytes.toString('hex'));
    },
  );

  it('were captured of every type', () => {
    const names = new Set(goldens.map((golden) => golden.name));
    expect(Object.keys(PacketType).filter((name) => !names.has(name))).toEqual([]);
  });

  it('are malformed, and nothing worse, when they end too early', () => {
    for (const golden of goldens) {
      for (let length = 0; length < golden.bytes.length; length += 1) {
        expectMalformed(() => decode(golden.bytes.subarray(0, length)));
      }
    }
  });

  it('can be told apart in a stream, byte by byte', () => {
    const stream = new RecordStream(10_000);
    const kinds: string[] = [];
    for (const byte of Buffer.concat(goldens.map((golden) => golden.bytes))) {
      stream.push(Buffer.of(byte));
      for (;;) {
        const message = stream.read(readQuorumMessage);
        if (message === undefined) break;
        kinds.push(message.kind);
      }
    }
    expect(kinds).toHaveLength(goldens.length);
    expect(stream.pendingBytes).toBe(0);
  });

  it('carry transactions', () => {
    for (const golden of goldens) {
      const message = decode(golden.bytes);
      if (message.kind !== 'proposal' && message.kind !== 'inform') continue;
      const bytes = Buffer.from(message.transaction);
      expect(readTransaction(new RecordReader().reset(bytes, 0, bytes.length)).header.zxid).toBe(message.zxid);
    }
  });

  it('tell who a learner is, as far as its version says it', () => {
    const prefix = '0000000b' + '0000000100000000';
    const from = (data: string): QuorumMessage => decode(Buffer.from(prefix + data + 'ffffffff', 'hex'));
    const learner = (serverId: number, protocolVersion?: number, configVersion?: number): unknown =>
      expect.objectContaining({ learner: { serverId, protocolVersion, configVersion } });
    expect(from('ffffffff')).toEqual(expect.objectContaining({ learner: null }));
    expect(from('00000008' + '0000000000000003')).toEqual(learner(3));
    expect(from('0000000c' + '0000000000000003' + '00010000')).toEqual(learner(3, 0x10000));
    expect(from('00000014' + '0000000000000003' + '00010000' + '0000000100000000')).toEqual(
      learner(3, 0x10000, 0x1_0000_0000),
    );
  });
});
