import { beforeEach, describe, expect, it } from '@jest/globals';
import { CreateFlag } from '@corral/model';
import { MemoryTransactionLog, MemoryTreeStore } from '@corral/storage-memory';
import type { FakeClient } from './client.fake.js';
import { MemberStage } from './member-stage.fake.js';
import { bytesOf, createOf, readOf } from './requests.fake.js';

describe('the handshake of a new client', () => {
  let log: MemoryTransactionLog;
  let stage: MemberStage;
  let client: FakeClient;

  beforeEach(() => {
    log = new MemoryTransactionLog();
    stage = new MemberStage(log, new MemoryTreeStore());
    client = stage.connect();
  });

  it('is answered once the session is durable', () => {
    client.greet();
    stage.endTurn();
    expect(client.heard()).toEqual([]);
    stage.completeSync();
    expect(client.heard()).toEqual(['session']);
    expect(client.sessionId).not.toBe(0n);
    expect(client.password).toHaveLength(16);
  });

  it('gives every client a session of its own', () => {
    const ids = [stage.newSession(), stage.newSession(), stage.newSession()].map(({ sessionId }) => sessionId);
    expect(new Set(ids).size).toBe(3);
    expect(stage.member.status.status().sessionCount).toBe(3);
  });

  it.each([
    [10_000, 10_000],
    [4000, 4000],
    [40_000, 40_000],
    [3999, 4000],
    [40_001, 40_000],
    [0, 4000],
    [-1, 4000],
    [0x7fff_ffff, 40_000],
  ])('grants for a timeout of %i ms one of %i ms', (timeoutMs, grantedMs) => {
    expect(stage.newSession({ timeoutMs }).timeoutMs).toBe(grantedMs);
  });

  it.each([
    ['null', null],
    ['empty', bytesOf('')],
    ['short', bytesOf('12345')],
  ])('ignores a password that is %s', (_what, password) => {
    client.greet({ password });
    stage.settle();
    expect(client.heard()).toEqual(['session']);
  });

  it('takes a client that knows of no read-only members, and answers it in its own form', () => {
    const sizes = [true, false, undefined].map((readOnly) => {
      const other = stage.connect();
      other.greet({ readOnly });
      stage.settle();
      expect(other.heard()).toEqual(['session']);
      return other.greetingSizeBytes;
    });
    expect(sizes).toEqual([37, 37, 36]);
  });

  it.each([
    ['nothing', 0],
    ['half of it', 10],
    ['all but the password', 24],
    ['all but the end of the password', 30],
  ])('with %s in the frame ends the connection', (_what, sizeBytes) => {
    client.turn(client.greetingFrame({ password: Buffer.alloc(16) }).subarray(0, sizeBytes));
    stage.settle();
    expect(client.violation?.message).toBe('the first frame is no handshake');
    expect(client.heard()).toEqual([]);
    expect(stage.member.status.status().sessionCount).toBe(0);
  });

  it('from a client that has seen more than this member ends the connection without an answer', () => {
    client.greet({ lastZxidSeen: log.lastZxid + 1 });
    stage.settle();
    expect(client.violation?.message).toContain('it must try another member');
    expect(client.heard()).toEqual([]);
  });

  it.each([0, -1])('takes a client that has seen zxid %i', (lastZxidSeen) => {
    client.greet({ lastZxidSeen });
    stage.settle();
    expect(client.heard()).toEqual(['session']);
  });

  it('is answered before all that came in the same chunk', () => {
    client.turn(
      client.greetingFrame(),
      client.frame('auth', { type: 0, scheme: 'digest', auth: bytesOf('u:p') }, -4),
      client.frame('exists', readOf('/')),
      client.frame('create', createOf('/a')),
      client.frame('exists', readOf('/a')),
    );
    stage.settle();
    expect(client.heard()).toEqual(['session', '-4 ok', '1 ok', '2 ok', '3 ok']);
  });

  it('is answered before all that came in later chunks, and before an unknown request ends the connection', () => {
    client.greet();
    client.ask('exists', readOf('/'));
    client.turn(client.rawFrame(2, 99));
    stage.settle();
    expect(client.heard()).toEqual(['session', '1 ok', '2 unimplemented']);
    expect(client.closed).toBe(true);
  });

  it('is answered before a request that cannot be understood ends the connection', () => {
    client.turn(client.greetingFrame(), Buffer.from([1, 2, 3]));
    stage.settle();
    expect(client.heard()).toEqual(['session']);
    expect(client.violation).toBeDefined();
  });

  it('is answered before an unknown request ends the connection, and what came behind that is not done', () => {
    client.turn(client.greetingFrame(), client.rawFrame(1, 99), client.frame('create', createOf('/late')));
    stage.settle();
    expect(client.heard()).toEqual(['session', '1 unimplemented']);
    const other = stage.newSession();
    other.ask('exists', readOf('/late'));
    expect(other.heard()).toEqual(['1 noNode']);
  });

  it('of a client that goes away meanwhile leaves a session that expires', () => {
    client.greet({ timeoutMs: 4000 });
    client.hangUp();
    stage.settle();
    expect(stage.member.status.status().sessionCount).toBe(1);
    stage.pass(6001);
    stage.settle();
    expect(stage.member.status.status().sessionCount).toBe(0);
  });
});

describe('the handshake of a client that comes back', () => {
  let stage: MemberStage;
  let first: FakeClient;

  beforeEach(() => {
    stage = new MemberStage(new MemoryTransactionLog(), new MemoryTreeStore());
    first = stage.newSession({ timeoutMs: 10_000 });
  });

  const comeBack = (changes: Parameters<FakeClient['greet']>[0] = {}): FakeClient => {
    const second = stage.connect();
    second.greet({ sessionId: first.sessionId, password: first.password, ...changes });
    return second;
  };

  it('finds its session, at once', () => {
    const second = comeBack();
    expect(second.heard()).toEqual(['session']);
    expect(second.sessionId).toBe(first.sessionId);
    expect(second.password).toEqual(first.password);
    expect(stage.member.status.status().sessionCount).toBe(1);
  });

  it('ends the connection that had the session, without a word', () => {
    comeBack();
    expect(first.closed).toBe(true);
    expect(first.heard()).toEqual([]);
  });

  it('keeps the ephemerals and loses the watches', () => {
    first.ask('create', createOf('/mine', CreateFlag.ephemeral));
    first.ask('getData', readOf('/mine', true));
    stage.settle();
    first.heard();
    const second = comeBack();
    first.hangUp();
    second.heard();
    second.ask('getEphemerals', { path: '/' });
    expect(second.takeBody<string[]>()).toEqual(['/mine']);
    expect(stage.member.status.status().watchCount).toBe(0);
  });

  it('keeps no identity but the address', () => {
    first.ask('auth', { type: 0, scheme: 'digest', auth: bytesOf('u:p') });
    const second = comeBack();
    second.heard();
    second.ask('whoAmI');
    expect(second.takeBody()).toEqual([{ authScheme: 'ip', user: '127.0.0.1' }]);
  });

  it('negotiates its own timeout, and the session lives by it', () => {
    const second = comeBack({ timeoutMs: 20_000 });
    expect(second.timeoutMs).toBe(20_000);
    stage.pass(18_000);
    expect(second.closed).toBe(false);
    stage.pass(6000);
    stage.settle();
    expect(second.closed).toBe(true);
  });

  it('is not confused by the end of the old connection', () => {
    const second = comeBack();
    second.heard();
    first.hangUp();
    second.ask('create', createOf('/mine', CreateFlag.ephemeral));
    stage.settle();
    expect(second.heard()).toEqual(['1 ok']);
    stage.member.tick();
    expect(second.closed).toBe(false);
  });

  it.each([
    ['wrong', Buffer.alloc(16, 9)],
    ['null', null],
    ['short', Buffer.alloc(15)],
    ['long', Buffer.alloc(17)],
  ])('is refused with a password that is %s, and the session is not disturbed', (_what, password) => {
    const second = comeBack({ password });
    expect(second.heard()).toEqual(['refused']);
    expect(second.closed).toBe(true);
    expect(second.sessionId).toBe(0n);
    expect(second.password).toEqual(Buffer.alloc(16));
    expect(first.closed).toBe(false);
    first.ask('ping');
    expect(first.heard()).toEqual(['-2 ok']);
  });

  it('is refused when there is no such session', () => {
    const second = comeBack({ sessionId: first.sessionId + 1n });
    expect(second.heard()).toEqual(['refused']);
    expect(second.closed).toBe(true);
  });

  it('is refused after the session was closed, and while its closing is not durable yet', () => {
    first.ask('closeSession');
    expect(comeBack().heard()).toEqual(['refused']);
    stage.settle();
    expect(comeBack().heard()).toEqual(['refused']);
  });

  it('is refused after the session has expired', () => {
    stage.pass(12_001);
    expect(comeBack().heard()).toEqual(['refused']);
  });

  it('is turned away when it has seen more than this member, and the session is not disturbed', () => {
    const second = comeBack({ lastZxidSeen: Number.MAX_SAFE_INTEGER });
    expect(second.violation).toBeDefined();
    expect(second.heard()).toEqual([]);
    expect(first.closed).toBe(false);
  });
});
