import { describe, expect, it } from '@jest/globals';
import { OpCode } from '@corral/model';
import type { SessionId, Zxid } from '@corral/primitives';
import { MemoryTransactionLog } from '@corral/storage-memory';
import { RecordWriter, writeTransaction } from '@corral/wire';
import type { FakeClient } from '../client.fake.js';
import { GuessablePasswords } from '../member-stage.fake.js';
import { createOf, readOf, setOf } from '../requests.fake.js';
import { EnsembleStage, logOf } from './ensemble-stage.fake.js';
import { serviceKindOf } from './which-service.js';

const GRACE_MS = 5000;
const OF_ENSEMBLE = 0x0500_0000_0000_0001n as SessionId;
const passwords = new GuessablePasswords();

describe('how a member serves', () => {
  it.each([
    ['leading', 'broadcast', 0, undefined, 'leader'],
    ['following', 'broadcast', 0, GRACE_MS, 'learner'],
    ['observing', 'broadcast', 0, undefined, 'learner'],
    ['following', 'synchronization', 9 * GRACE_MS, GRACE_MS, undefined],
    ['leading', 'discovery', 9 * GRACE_MS, GRACE_MS, undefined],
    ['looking', 'election', GRACE_MS - 1, GRACE_MS, undefined],
    ['looking', 'election', GRACE_MS, GRACE_MS, 'read-only'],
    ['looking', 'election', 9 * GRACE_MS, undefined, undefined],
    ['looking', 'election', -Infinity, GRACE_MS, undefined],
  ] as const)('%s, %s for %s ms with a grace of %s ms: %s', (doing, phase, inStateForMs, graceMs, kind) => {
    expect(serviceKindOf({ doing, phase }, inStateForMs, graceMs)).toBe(kind);
  });
});

/** Member 1 of three, alone for so long that it is read-only. */
function cutOff(prepare: (stage: EnsembleStage) => void = () => undefined): EnsembleStage {
  const stage = new EnsembleStage([1, 2, 3], logOf(), { readOnlyGraceMs: GRACE_MS });
  prepare(stage);
  stage.start();
  stage.pass(GRACE_MS);
  return stage;
}

const reader = (stage: EnsembleStage): FakeClient => {
  const client = stage.greeted({ readOnly: true });
  expect(client.heard()).toEqual(['session']);
  return client;
};

describe('a member that is cut off from the quorum', () => {
  it('serves nobody until the grace is over', () => {
    const stage = new EnsembleStage([1, 2, 3], logOf(), { readOnlyGraceMs: GRACE_MS }).start();
    expect(stage.member.isServing).toBe(false);
    expect(stage.connect().closed).toBe(true);
    stage.pass(GRACE_MS);
    expect(stage.member.status.status()).toMatchObject({ mode: 'read-only', failure: undefined });
    expect(reader(stage).readOnly).toBe(true);
  });

  it('never serves where the operator has not asked for it', () => {
    const stage = new EnsembleStage([1, 2, 3]).start();
    stage.pass(100 * GRACE_MS);
    expect([stage.member.isServing, stage.member.status.status().mode]).toEqual([false, 'looking']);
  });

  it.each([false, undefined])('closes, without a word, a client whose read-only flag is %s', (readOnly) => {
    const client = cutOff().greeted({ readOnly });
    expect([client.closed, client.violation, client.heard()]).toEqual([true, undefined, []]);
  });

  it('answers reads, and refuses all that needs a quorum', () => {
    const client = reader(cutOff());
    client.turn(
      client.frame('getChildren', readOf('/', true)),
      client.frame('exists', readOf('/nowhere', true)),
      client.frame('create', createOf('/new')),
      client.frame('setData', setOf('/nowhere', 'x', 3)),
      client.frame('sync', { path: '/' }),
      client.frame('getData', readOf('/zookeeper')),
    );
    expect(client.heard()).toEqual(['1 ok', '2 noNode', '3 notReadOnly', '4 notReadOnly', '5 notReadOnly', '6 ok']);
  });

  it('has no session in its log or its tree', () => {
    const stage = cutOff();
    const client = reader(stage);
    client.ask('closeSession');
    stage.pass(1000);
    expect(stage.log.lastZxid).toBe(0);
    expect([...stage.store.sessions()]).toEqual([]);
  });

  it('lets a client take its session up on another connection, with the password', () => {
    const stage = cutOff();
    const first = reader(stage);
    const { password, sessionId } = first;
    const other = stage.greeted({ readOnly: true, sessionId, password: Buffer.alloc(16) });
    expect([first.closed, other.closed, other.heard()]).toEqual([false, true, ['refused']]);
    const second = stage.greeted({ readOnly: true, sessionId, password });
    expect([first.closed, second.heard(), second.sessionId]).toEqual([true, ['session'], sessionId]);
  });

  it("closes, without a word, a client with a session of the ensemble's: it may be alive elsewhere", () => {
    const stage = cutOff(({ store }) => {
      store.putSession(OF_ENSEMBLE, 10_000);
    });
    const client = stage.greeted({ readOnly: true, sessionId: OF_ENSEMBLE, password: passwords.issue(OF_ENSEMBLE) });
    expect([client.closed, client.violation, client.heard()]).toEqual([true, undefined, []]);
  });

  it('tells a client with a session that nobody knows that it is over', () => {
    const password = passwords.issue(OF_ENSEMBLE);
    const client = cutOff().greeted({ readOnly: true, sessionId: OF_ENSEMBLE, password });
    expect([client.closed, client.heard(), client.readOnly]).toEqual([true, ['refused'], true]);
  });

  it('ends a session whose client is not heard', () => {
    const stage = cutOff();
    const [silent, alive] = [reader(stage), reader(stage)];
    for (let passedMs = 0; passedMs < 12_000; passedMs += 3000) {
      alive.ask('ping');
      stage.pass(3000);
    }
    expect([silent.closed, alive.closed]).toEqual([true, false]);
    expect(stage.member.status.status()).toMatchObject({ sessionCount: 1, sessionsExpired: 1 });
    const { password, sessionId } = silent;
    expect(stage.greeted({ readOnly: true, sessionId, password }).heard()).toEqual(['refused']);
  });

  it('ends a session for its client, after the reads before it are answered', () => {
    const stage = cutOff();
    const client = reader(stage);
    client.isFull = true;
    client.turn(client.frame('getData', readOf('/')), client.frame('closeSession'));
    client.flush();
    expect([client.heard(), client.closed]).toEqual([[], false]);
    client.drain();
    client.flush();
    expect([client.heard(), client.closed]).toEqual([['1 ok', '2 ok'], true]);
    expect(stage.member.status.status().sessionCount).toBe(0);
  });

  it('lets its clients go once a leader is elected, and serves nobody until it has the history', () => {
    const stage = cutOff();
    const client = reader(stage);
    const leader = stage.elects3();
    expect([client.closed, stage.member.isServing]).toEqual([true, false]);
    stage.pass(GRACE_MS);
    leader.hears({ kind: 'leader-info', epochZxid: (2 * 2 ** 32) as Zxid, protocolVersion: 0x10000 });
    stage.settle();
    leader.hears(
      { kind: 'diff', zxid: 0 as Zxid },
      { kind: 'new-leader', epochZxid: (2 * 2 ** 32) as Zxid, config: null },
    );
    stage.settle();
    leader.hears({ kind: 'up-to-date' });
    stage.settle();
    expect(stage.member.status.status().mode).toBe('follower');
    leader.said();
    const { password, sessionId } = client;
    stage.greeted({ readOnly: true, sessionId, password });
    expect(leader.said()).toEqual([{ kind: 'revalidate', sessionId, timeoutMs: 10_000 }]);
  });

  it('serves nobody any more after its disk has failed', () => {
    const stage = cutOff();
    const client = reader(stage);
    stage.member.fail(new Error('ENOSPC'));
    stage.pass(2 * GRACE_MS);
    expect([client.closed, stage.member.isServing]).toEqual([true, false]);
  });

  it('goes on when what a quorum had committed before is on its own disk at last', () => {
    const log = new MemoryTransactionLog();
    const stage = new EnsembleStage([1, 2, 3], log, { readOnlyGraceMs: GRACE_MS }).start();
    const leader = stage.elects3();
    const epochZxid = (2 * 2 ** 32) as Zxid;
    leader.hears({ kind: 'leader-info', epochZxid, protocolVersion: 0x10000 });
    stage.settle();
    leader.hears({ kind: 'diff', zxid: 0 as Zxid }, { kind: 'new-leader', epochZxid, config: null });
    stage.settle();
    leader.hears({ kind: 'up-to-date' });
    stage.settle();
    const zxid = (epochZxid + 1) as Zxid;
    const writer = new RecordWriter();
    const header = { sessionId: OF_ENSEMBLE, cxid: 0, zxid, timeMs: 0 };
    writeTransaction(writer, header, { type: OpCode.createSession, timeoutMs: 10_000 });
    const transaction = Buffer.from(writer.buffer.subarray(0, writer.length));
    leader.hears({ kind: 'proposal', zxid, transaction }, { kind: 'commit', zxid });
    stage.settle();
    leader.hangUp();
    stage.pass(2 * GRACE_MS);
    const client = reader(stage);
    log.completeSync();
    stage.settle();
    expect(stage.store.state.appliedZxid).toBe(zxid);
    expect(client.closed).toBe(false);
  });
});
