import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Change, ErrorCode, OpCode, type Transaction } from '@corral/model';
import type { SessionId, Zxid } from '@corral/primitives';
import type { RequestMessage } from '@corral/zab';
import type { Pending } from '../commit-queue.js';
import type { Connection } from '../connection.js';
import { ForwardQueue } from './forward-queue.js';

const SESSION = 7n as SessionId;
const connectionOf = (sessionId: SessionId): Connection => ({ sessionId, identities: [] }) as unknown as Connection;

describe('what a learner passes on', () => {
  const connection = connectionOf(SESSION);
  let sent: RequestMessage[];
  let completed: Pending[];
  let queue: ForwardQueue;

  beforeEach(() => {
    sent = [];
    completed = [];
    queue = new ForwardQueue({
      sendToLeader: (message) => sent.push(message),
      complete: (pending) => completed.push(pending),
    });
  });

  const pendingOf = (xid: number, type: number, from = connection): Pending => ({
    connection: from,
    xid,
    type,
    refusal: ErrorCode.ok,
    echo: null,
    receivedAtMs: 0,
    transaction: undefined,
  });
  const forward = (xid: number, type: number = OpCode.setData, from = connection): Pending => {
    const pending = pendingOf(xid, type, from);
    queue.forward(pending, from.sessionId, from, Buffer.from([xid]));
    return pending;
  };
  const transactionOf = (cxid: number, change: Change, sessionId = SESSION): Transaction => ({
    header: { sessionId, cxid, zxid: cxid as Zxid, timeMs: 0 },
    change,
  });
  const deleted: Change = { type: OpCode.delete, path: '/a' };

  it('goes to the leader with session, xid and body', () => {
    forward(3);
    expect(sent).toEqual([
      { kind: 'request', sessionId: SESSION, cxid: 3, type: OpCode.setData, request: Buffer.from([3]), identities: [] },
    ]);
  });

  it('is a multi where it was a check: no Apache member can read a check by itself', () => {
    forward(3, OpCode.check);
    expect(sent).toMatchObject([{ cxid: 3, type: OpCode.multi }]);
  });

  it('is answered by the transaction with the same session and cxid', () => {
    const first = forward(1);
    forward(2);
    expect(queue.applied(transactionOf(1, deleted, 8n as SessionId), undefined)).toBe(false);
    expect(queue.applied(transactionOf(2, deleted), undefined)).toBe(false);
    expect(queue.applied(transactionOf(1, deleted), undefined)).toBe(true);
    expect(completed).toEqual([first]);
    expect(first.transaction?.header.cxid).toBe(1);
    expect(queue.size).toBe(1);
  });

  it('is answered with the error of an error transaction, and with those of the parts of a refused multi', () => {
    forward(1);
    forward(2, OpCode.multi);
    queue.applied(transactionOf(1, { type: OpCode.error, code: ErrorCode.noNode }), undefined);
    const parts = [ErrorCode.ok, ErrorCode.badVersion].map((code) => ({ type: OpCode.error, code }) as const);
    queue.applied(transactionOf(2, { type: OpCode.multi, changes: parts }), undefined);
    expect(completed.map(({ refusal }) => refusal)).toEqual([ErrorCode.noNode, [ErrorCode.ok, ErrorCode.badVersion]]);
  });

  it('keeps the order of one session: a refusal waits for the writes before it, a sync for the leader', () => {
    const write = forward(1);
    const sync = forward(2, OpCode.sync);
    const refused = pendingOf(3, OpCode.setData);
    queue.await(refused);
    queue.applied(transactionOf(1, deleted), undefined);
    expect(completed).toEqual([write]);
    queue.synced();
    expect(completed).toEqual([write, sync, refused]);
    expect([queue.size, queue.sizeBytes, queue.pendingSyncs]).toEqual([0, 0, 0]);
  });

  it('does not make one session wait for another', () => {
    forward(1);
    const refused = pendingOf(2, OpCode.setData, connectionOf(8n as SessionId));
    queue.await(refused);
    expect(completed).toEqual([refused]);
  });

  it('is forgotten with its connection; the leader may still carry it out', () => {
    forward(1);
    queue.forget(connection);
    expect(queue.applied(transactionOf(1, deleted), undefined)).toBe(false);
    expect([completed.length, queue.size, queue.sizeBytes]).toEqual([0, 0, 0]);
  });
});
