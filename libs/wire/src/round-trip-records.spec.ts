import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type MultiOperation, OpCode } from '@corral/model';
import {
  anyAcl,
  anyBytes,
  anyChange,
  anyData,
  anyInt,
  anyLong,
  anyQuorumMessage,
  anySessionId,
  anyStat,
  anyText,
  anyTransactionHeader,
  anyZxid,
  safeLong,
} from '@corral/wire/testing';
import {
  readConnectRequest,
  readConnectResponse,
  writeConnectRequest,
  writeConnectResponse,
} from './client/connect.js';
import { operationCodecs } from './client/operation-codecs.js';
import type { RecordCodec } from './client/record-codec.js';
import { readQuorumMessage } from './quorum/read-message.js';
import { writeQuorumMessage } from './quorum/write-message.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';
import { readTransaction, writeTransaction } from './transaction/transaction.js';

/** Writes the value at an odd offset of a buffer that must grow, reads it back, and sees that nothing is left over. */
function expectRoundTrip<T>(codec: RecordCodec, value: T): void {
  const writer = new RecordWriter(1);
  writer.writeBool(true);
  codec.write(writer, value as never);
  const reader = new RecordReader().reset(writer.buffer, 1, writer.length);
  expect(codec.read(reader)).toEqual(value);
  expect(reader.remaining).toBe(0);
}

const path = fc.option(anyText);
const acl = fc.option(anyAcl);
const texts = fc.array(anyText, { maxLength: 4 });
const nullableTexts = fc.option(texts);
const pathAndWatch = fc.record({ path, watch: fc.boolean() });
const pathAndInt = fc.record({ path, version: anyInt });
const justPath = fc.record({ path });
const create = { path, data: anyData, acl, flags: anyInt };
const pathAndStat = fc.record({ path, stat: anyStat });
const dataAndStat = fc.record({ data: anyData, stat: anyStat });
const watchesRequest = fc.record({ path, type: anyInt });
const errorResult = fc.record({ type: fc.constant(OpCode.error), code: anyInt });

const setWatches = {
  relativeZxid: anyZxid,
  dataWatches: texts,
  existWatches: texts,
  childWatches: texts,
};

const multiOperation = fc.oneof(
  fc.record({ type: fc.constantFrom(OpCode.create, OpCode.create2, OpCode.createContainer), ...create }),
  fc.record({ type: fc.constant(OpCode.createTtl), ...create, ttlMs: safeLong }),
  fc.record({ type: fc.constant(OpCode.delete), path, version: anyInt }),
  fc.record({ type: fc.constant(OpCode.setData), path, data: anyData, version: anyInt }),
  fc.record({ type: fc.constant(OpCode.check), path, version: anyInt }),
) satisfies fc.Arbitrary<MultiOperation>;

const multiResult = fc.oneof(
  fc.record({ type: fc.constant(OpCode.create), path }),
  fc.record({ type: fc.constant(OpCode.create2), path, stat: anyStat }),
  fc.record({ type: fc.constantFrom(OpCode.delete, OpCode.check) }),
  fc.record({ type: fc.constant(OpCode.setData), stat: anyStat }),
  errorResult,
);

const multiReadResult = fc.oneof(
  fc.record({ type: fc.constant(OpCode.getData), data: anyData, stat: anyStat }),
  fc.record({ type: fc.constant(OpCode.getChildren), children: nullableTexts }),
  errorResult,
);

/** What each operation's bodies can hold. */
const bodies = {
  notification: { request: null, response: fc.record({ type: anyInt, state: anyInt, path }) },
  create: { request: fc.record(create), response: path },
  delete: { request: pathAndInt, response: null },
  exists: { request: pathAndWatch, response: anyStat },
  getData: { request: pathAndWatch, response: dataAndStat },
  setData: { request: fc.record({ path, data: anyData, version: anyInt }), response: anyStat },
  getAcl: { request: justPath, response: fc.record({ acl, stat: anyStat }) },
  setAcl: { request: fc.record({ path, acl, version: anyInt }), response: anyStat },
  getChildren: { request: pathAndWatch, response: nullableTexts },
  sync: { request: justPath, response: path },
  ping: { request: null, response: null },
  getChildren2: { request: pathAndWatch, response: fc.record({ children: nullableTexts, stat: anyStat }) },
  check: { request: pathAndInt, response: anyStat },
  multi: { request: fc.array(multiOperation, { maxLength: 5 }), response: fc.array(multiResult, { maxLength: 5 }) },
  create2: { request: fc.record(create), response: pathAndStat },
  reconfig: {
    request: fc.record({ joiningServers: path, leavingServers: path, newMembers: path, curConfigId: anyLong }),
    response: dataAndStat,
  },
  checkWatches: { request: watchesRequest, response: null },
  removeWatches: { request: watchesRequest, response: null },
  createContainer: { request: fc.record(create), response: pathAndStat },
  deleteContainer: { request: fc.record({ path, version: fc.constant(-1) }), response: null },
  createTtl: { request: fc.record({ ...create, ttlMs: safeLong }), response: pathAndStat },
  multiRead: {
    request: fc.array(
      fc.record({ type: fc.constantFrom(OpCode.getData, OpCode.getChildren), path, watch: fc.boolean() }),
      { maxLength: 5 },
    ),
    response: fc.array(multiReadResult, { maxLength: 5 }),
  },
  auth: { request: fc.record({ type: anyInt, scheme: path, auth: anyData }), response: null },
  setWatches: {
    request: fc.record({
      ...setWatches,
      persistentWatches: fc.constant([]),
      persistentRecursiveWatches: fc.constant([]),
    }),
    response: null,
  },
  sasl: { request: anyData, response: anyData },
  getEphemerals: { request: justPath, response: nullableTexts },
  getAllChildrenNumber: { request: justPath, response: anyInt },
  setWatches2: {
    request: fc.record({ ...setWatches, persistentWatches: texts, persistentRecursiveWatches: texts }),
    response: null,
  },
  addWatch: { request: fc.record({ path, mode: anyInt }), response: anyInt },
  whoAmI: {
    request: null,
    response: fc.option(fc.array(fc.record({ authScheme: anyText, user: anyText }), { maxLength: 3 })),
  },
  createSession: { request: null, response: null },
  closeSession: { request: null, response: null },
  error: { request: null, response: null },
} satisfies Record<
  keyof typeof OpCode,
  { request: fc.Arbitrary<unknown> | null; response: fc.Arbitrary<unknown> | null }
>;

const rows = Object.entries(bodies).flatMap(([name, { request, response }]) => {
  const codec = operationCodecs[name as keyof typeof OpCode];
  return [
    [`${name} request`, codec.request, request] as const,
    [`${name} response`, codec.response, response] as const,
  ];
});

describe('what is written is read back', () => {
  it.each(rows)('%s', (_, codec, values) => {
    expect(codec === null).toBe(values === null);
    if (codec === null || values === null) return;
    fc.assert(
      fc.property(values as fc.Arbitrary<unknown>, (value) => expectRoundTrip(codec, value)),
      { numRuns: 50 },
    );
  });

  it('connect request', () => {
    const request = fc.record({
      protocolVersion: anyInt,
      lastZxidSeen: anyZxid,
      timeoutMs: anyInt,
      sessionId: anyLong,
      password: anyData,
      readOnly: fc.option(fc.boolean(), { nil: undefined }),
    });
    const codec: RecordCodec = { read: readConnectRequest, write: writeConnectRequest };
    fc.assert(fc.property(request, (value) => expectRoundTrip(codec, value)));
  });

  it('connect response', () => {
    const response = fc.record({
      protocolVersion: anyInt,
      timeoutMs: anyInt,
      sessionId: anyLong,
      password: anyBytes,
      readOnly: fc.option(fc.boolean(), { nil: undefined }),
    });
    const codec: RecordCodec = { read: readConnectResponse, write: writeConnectResponse };
    fc.assert(fc.property(response, (value) => expectRoundTrip(codec, value)));
  });

  it('transactions', () => {
    fc.assert(
      fc.property(anyTransactionHeader, anyChange, (header, change) => {
        const codec: RecordCodec = {
          read: readTransaction,
          write: (writer) => writeTransaction(writer, header, change),
        };
        expectRoundTrip(codec, { header, change });
      }),
      { numRuns: 500 },
    );
  });

  it('quorum messages', () => {
    const codec: RecordCodec = { read: readQuorumMessage, write: writeQuorumMessage };
    fc.assert(
      fc.property(anyQuorumMessage, (message) => expectRoundTrip(codec, message)),
      { numRuns: 500 },
    );
  });

  it('session ids of every value', () => {
    const codec: RecordCodec = { read: (r) => r.readLongBig(), write: (w, id) => w.writeLongBig(id) };
    fc.assert(fc.property(anySessionId, (id) => expectRoundTrip(codec, id)));
  });
});
