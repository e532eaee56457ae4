import { describe, expect, it } from '@jest/globals';
import { type Change, OPEN_ACL, OpCode } from '@corral/model';
import type { Zxid } from '@corral/primitives';
import { expectMalformed, readGolden } from '@corral/wire/testing';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';
import { TRANSACTION_DIGEST_SIZE_BYTES } from './transaction/digest.js';
import { readTransaction, writeTransaction } from './transaction/transaction.js';

const goldens = readGolden('transactions');

function read(bytes: Buffer): ReturnType<typeof readTransaction> {
  const reader = new RecordReader().reset(bytes, 0, bytes.length);
  const transaction = readTransaction(reader);
  expect(reader.remaining).toBe(0);
  return transaction;
}

function written(transaction: ReturnType<typeof readTransaction>): string {
  const writer = new RecordWriter(1);
  writeTransaction(writer, transaction.header, transaction.change);
  return writer.buffer.toString('hex', 0, writer.length);
}

/** Refused requests get no digest: they do not change the tree. */
function withoutDigest(bytes: Buffer, type: number): Buffer {
  const isBare = type === OpCode.error && bytes.length === 36;
  return isBare ? bytes : bytes.subarray(0, bytes.length - TRANSACTION_DIGEST_SIZE_BYTES);
}

describe('transactions', () => {
  it.each(goldens.map((golden) => [golden.name, golden] as const))(
    '%s decodes with its digest, and encodes to the same bytes without',
    (name, { bytes }) => {
      const transaction = read(bytes);
      const expected = withoutDigest(bytes, transaction.change.type);
      expect(transaction.change.type).toBe((OpCode as Record<string, number>)[name]);
      expect(written(transaction)).toBe(expected.toString('hex'));
      expect(read(expected)).toEqual(transaction);
    },
  );

  it('were captured of every type', () => {
    const names = new Set(goldens.map((golden) => golden.name));
    expect(names).toEqual(
      new Set([
        'create',
        'create2',
        'createContainer',
        'createTtl',
        'delete',
        'deleteContainer',
        'setData',
        'reconfig',
        'setAcl',
        'multi',
        'createSession',
        'closeSession',
        'error',
      ]),
    );
  });

  it('are malformed, and nothing worse, when they end too early', () => {
    for (const { name, bytes } of goldens) {
      const whole = withoutDigest(bytes, read(bytes).change.type);
      for (let length = 0; length < whole.length; length += 1) {
        if (isOlderForm(name, whole.length - length)) continue;
        expectMalformed(() => read(whole.subarray(0, length)));
      }
    }
  });

  it('read a create of before 3.4, which did not count', () => {
    const create = goldens.find((golden) => golden.name === 'create')!;
    const whole = withoutDigest(create.bytes, OpCode.create);
    const change = read(whole.subarray(0, whole.length - 4)).change;
    expect(change).toEqual(expect.objectContaining({ type: OpCode.create, parentCreates: -1 }));
  });

  it('read the end of a session without paths, with a digest and without', () => {
    const header = '0100002a868d0000' + '00000009' + '0000000100000002' + '0000019a00000000' + 'fffffff5';
    const without = Buffer.from(header, 'hex');
    expect(read(without).change).toEqual({ type: OpCode.closeSession, paths: null });
    expect(written(read(without))).toBe(header);
    const digest = Buffer.from(header + '00000002' + '00000004e88ed9d5', 'hex');
    expect(read(digest).change).toEqual({ type: OpCode.closeSession, paths: null });
  });

  it('refuse a type that does not exist', () => {
    const bytes = Buffer.from(goldens[0]!.bytes);
    bytes.writeInt32BE(99, 28);
    expect(() => read(bytes)).toThrow('transaction type at offset 28: expected a known type, not 99');
  });

  it('keep to the length of a nested one', () => {
    const change: Change = { type: OpCode.multi, changes: [{ type: OpCode.delete, path: '/a' }] };
    const header = { sessionId: goldenSession(), cxid: 1, zxid: 1 as Zxid, timeMs: 1 };
    const bytes = Buffer.from(written({ header, change }), 'hex');
    const nestedLengthAt = 32 + 4 + 4;
    for (const length of [-1, 5, 7, 0x7fff_ffff]) {
      bytes.writeInt32BE(length, nestedLengthAt);
      expectMalformed(() => read(bytes));
    }
  });

  it('pass over what a nested one holds beyond its record', () => {
    const changes =
      '00000002' + '00000002' + '00000008' + '000000022f61' + 'ffff' + '00000002' + '00000006' + '000000022f62';
    const header = '0000000000000001' + '00000001' + '0000000000000001' + '0000000000000001' + '0000000e';
    expect(read(Buffer.from(header + changes, 'hex')).change).toEqual({
      type: OpCode.multi,
      changes: [
        { type: OpCode.delete, path: '/a' },
        { type: OpCode.delete, path: '/b' },
      ],
    });
  });

  it('give the open ACL as the shared object', () => {
    const create = goldens.find((golden) => golden.name === 'create')!;
    const { change } = read(create.bytes);
    expect(change.type === OpCode.create && change.acl === OPEN_ACL).toBe(true);
  });
});

/** Forms that are whole transactions of older versions: a create without its count, a closeSession without paths. */
function isOlderForm(name: string, missingBytes: number): boolean {
  return (name === 'create' && missingBytes === 4) || name === 'closeSession';
}

function goldenSession(): ReturnType<typeof readTransaction>['header']['sessionId'] {
  return read(goldens[0]!.bytes).header.sessionId;
}
