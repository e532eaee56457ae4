import { describe, expect, it } from '@jest/globals';
import { OpCode } from '@corral/model';
import type { SessionId, Zxid } from '@corral/primitives';
import { RecordWriter, writeTransaction } from '@corral/wire';
import { fingerprintOfTransaction } from './transaction-fingerprint.js';

const transaction = (sessionId: bigint, cxid: number, timeMs: number, path: string): Uint8Array => {
  const writer = new RecordWriter(256);
  const header = { sessionId: sessionId as SessionId, cxid, zxid: 0x1_0000_0001 as Zxid, timeMs };
  writeTransaction(writer, header, { type: OpCode.delete, path });
  return writer.buffer.subarray(0, writer.length);
};

describe('the fingerprint of a transaction', () => {
  const known = fingerprintOfTransaction(transaction(7n, 1, 1000, '/a'));

  it('tells it from those of other sessions, requests and moments with the same zxid', () => {
    const others = [transaction(8n, 1, 1000, '/a'), transaction(7n, 2, 1000, '/a'), transaction(7n, 1, 1001, '/a')];
    expect(others.map(fingerprintOfTransaction)).not.toContain(known);
  });

  it('is the same with and without the digest that some of Apache’s members put behind it', () => {
    const plain = transaction(7n, 1, 1000, '/a');
    expect(fingerprintOfTransaction(Buffer.concat([plain, Buffer.alloc(12, 9)]))).toBe(known);
  });
});
